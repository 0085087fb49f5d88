#define _GNU_SOURCE 1
#include "Guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

// Bracketed paste, mouse, cursor, alternate screen, cursor keys, keypad, rendition: everything this
// program or ncurses may have switched. A constant, because a signal handler must not compute.
static const char restoration[] =
  "\033[?2004l\033[?1006;1003;1002;1000l\033[?25h\033[?1049l\033[?1l\033>\033[0m";

// Standard error is a terminal too: what is written there would land inside the frame.
#define HELD_BYTES_MAX 65536

static const int notice_signals[] = {SIGWINCH, SIGCONT, SIGTSTP};
#define NOTICE_COUNT (sizeof notice_signals / sizeof notice_signals[0])

// By number; of those that would end the process.
static struct sigaction fatal_before[NSIG];
static struct sigaction notice_before[NOTICE_COUNT];
static struct termios modes_before;
static int input_descriptor = -1;
static int output_descriptor = -1;
static int notice_pipe[2] = {-1, -1};
static int held_errors = -1;
static int real_errors = -1;
static volatile sig_atomic_t is_installed;
static volatile sig_atomic_t is_up;
static char alternate_stack[65536];

bool write_all(int descriptor, const void *bytes, size_t count) {
  const char *rest = bytes;
  // A terminal that takes nothing for two seconds is not going to.
  for (int patience = 20; count > 0 && patience > 0;) {
    ssize_t written = write(descriptor, rest, count);
    if (written > 0) {
      rest += written;
      count -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
      poll(&ready, 1, 100);
      patience -= 1;
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
  }
  return count == 0;
}

static void hold_errors(void) {
  if (held_errors >= 0 || !isatty(STDERR_FILENO)) return;
  // A sealed file in memory: it cannot grow, so a runaway writer fails instead of eating memory.
  int file = memfd_create("standard-error", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return;
  int real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (
    real < 0 || ftruncate(file, HELD_BYTES_MAX) != 0
    || fcntl(file, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0
    || dup2(file, STDERR_FILENO) < 0) {
    if (real >= 0) close(real);
    close(file);
    return;
  }
  real_errors = real;
  held_errors = file;
}

// Only async-signal-safe calls: a handler uses it too.
static void release_errors(void) {
  if (held_errors < 0) return;
  off_t end = lseek(held_errors, 0, SEEK_CUR);
  dup2(real_errors, STDERR_FILENO);
  char part[1024];
  for (off_t here = 0; here < end;) {
    size_t wanted = end - here < (off_t)sizeof part ? (size_t)(end - here) : sizeof part;
    ssize_t count = pread(held_errors, part, wanted, here);
    if (count <= 0) break;
    write_all(STDERR_FILENO, part, (size_t)count);
    here += count;
  }
  close(held_errors);
  close(real_errors);
  held_errors = real_errors = -1;
}

static void restore_terminal(void) {
  if (!is_up) return;
  is_up = 0;
  write_all(output_descriptor, restoration, sizeof restoration - 1);
  tcsetattr(input_descriptor, TCSANOW, &modes_before);
  release_errors();
}

// Whether a signal ends the process unless somebody minds. Nobody sends the rarer ones by chance,
// but a time limit, a supervisor or a slip of `kill` does, and the terminal has to survive that too.
static bool is_fatal(int number) {
  switch (number) {
  // Not to be caught.
  case SIGKILL:
  case SIGSTOP:
  // Nothing happens by them, or the process stops, or goes on.
  case SIGCHLD:
  case SIGURG:
  case SIGWINCH:
  case SIGCONT:
  case SIGTSTP:
  case SIGTTIN:
  case SIGTTOU: return false;
  // Those between the named ones and SIGRTMIN are the C library's own.
  default: return number <= SIGSYS || (number >= SIGRTMIN && number <= SIGRTMAX);
  }
}

// The action that was there before comes back and the signal is raised again: the process dies by
// the signal, and Swift's own crash report follows on the normal screen.
static void on_fatal(int signal_number) {
  int saved = errno;
  bool is_keyboard = signal_number == SIGINT || signal_number == SIGQUIT;
  // While another program has the terminal, its Ctrl-C is not ours. A handler and not SIG_IGN,
  // because a program started meanwhile would inherit that.
  if (is_keyboard && is_installed && !is_up) {
    errno = saved;
    return;
  }
  restore_terminal();
  sigaction(signal_number, &fatal_before[signal_number], NULL);
  raise(signal_number);
  errno = saved;
}

static void on_notice(int signal_number) {
  int saved = errno;
  char letter = signal_number == SIGWINCH  ? GUARD_RESIZED
                : signal_number == SIGCONT ? GUARD_CONTINUED
                                           : GUARD_STOP_REQUESTED;
  // A full pipe wakes the reader just as well.
  if (write(notice_pipe[1], &letter, 1) < 0) errno = saved;
  errno = saved;
}

static void take_signals(void) {
  stack_t stack;
  // Swift's crash reporter may have set a stack of its own; that one serves as well.
  if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
    stack = (stack_t){.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&stack, NULL);
  }
  struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (int number = 1; number < NSIG; number++) {
    if (!is_fatal(number) || sigaction(number, NULL, &fatal_before[number]) != 0) continue;
    // Under nohup a hang-up stays ignored.
    if (fatal_before[number].sa_handler == SIG_IGN) continue;
    sigaction(number, &action, NULL);
  }
  action.sa_handler = on_notice;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  for (size_t index = 0; index < NOTICE_COUNT; index++) {
    sigaction(notice_signals[index], &action, &notice_before[index]);
  }
}

bool guard_install(int input, int output) {
  if (tcgetattr(input, &modes_before) != 0) return false;
  if (pipe2(notice_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  input_descriptor = input;
  output_descriptor = output;
  take_signals();
  is_installed = 1;
  return true;
}

void guard_remove(void) {
  if (!is_installed) return;
  guard_lower();
  is_installed = 0;
  for (int number = 1; number < NSIG; number++) {
    if (is_fatal(number)) sigaction(number, &fatal_before[number], NULL);
  }
  for (size_t index = 0; index < NOTICE_COUNT; index++) {
    sigaction(notice_signals[index], &notice_before[index], NULL);
  }
  close(notice_pipe[0]);
  close(notice_pipe[1]);
  notice_pipe[0] = notice_pipe[1] = -1;
}

void guard_raise(void) {
  if (!is_installed) return;
  hold_errors();
  is_up = 1;
}

void guard_lower(void) {
  is_up = 0;
  if (is_installed) tcsetattr(input_descriptor, TCSADRAIN, &modes_before);
  release_errors();
}

int guard_descriptor(void) { return notice_pipe[0]; }

void guard_stop(void) {
  struct sigaction ours, standard = {.sa_handler = SIG_DFL};
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &ours);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}

void guard_hang_up(void) {
  restore_terminal();
  signal(SIGHUP, SIG_DFL);
  raise(SIGHUP);
}
