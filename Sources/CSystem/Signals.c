#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

static atomic_int wake_descriptor = -1;
// One bit for each number.
static _Atomic uint64_t endings;
static struct sigaction before[NSIG];
static bool is_taken[NSIG];

// Only async-signal-safe calls.
static void on_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe wakes the reader just as well.
  if (write(wake_descriptor, &byte, 1) < 0) errno = saved;
  uint64_t bits = endings;
  if (bits >> number & 1) {
    for (int other = 1; other < 64; other++) {
      if (bits >> other & 1) signal(other, SIG_DFL);
    }
  }
  errno = saved;
}

bool signals_begin(int descriptor) {
  int expected = -1;
  return atomic_compare_exchange_strong(&wake_descriptor, &expected, descriptor);
}

void signals_take(int number, bool is_ending) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  if (sigaction(number, NULL, &before[number]) != 0) return;
  if (before[number].sa_handler == SIG_IGN) return;
  // Before the handler is there, which reads it.
  if (is_ending) atomic_fetch_or(&endings, UINT64_C(1) << number);
  is_taken[number] = sigaction(number, &action, NULL) == 0;
}

void signals_end(void) {
  for (int number = 1; number < NSIG; number++) {
    if (is_taken[number]) sigaction(number, &before[number], NULL);
    is_taken[number] = false;
  }
  endings = 0;
  wake_descriptor = -1;
}
