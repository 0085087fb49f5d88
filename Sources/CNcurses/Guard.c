#define _GNU_SOURCE 1
#include "Guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// A frame begun, bracketed paste, mouse, cursor, alternate screen, cursor keys, keypad, rendition: everything this
// program or ncurses may have switched. A constant, because a signal handler must not compute.
static const char restoration[] =
  "\033[?2026l\033[?2004l\033[?1006;1003;1002;1000l\033[?25h\033[?1049l\033[?1l\033>\033[0m";

// Ends a frame that was cut off, also within a sequence.
#define CANCEL "\030\033[?2026l"

// How long a dying process waits for a terminal that takes nothing, and how long a living one.
#define DYING_MILLISECONDS 300
#define LIVING_MILLISECONDS 2000

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
// The terminal and standard error once more, for this program alone; -1 where opening is refused.
static int own_output = -1;
static int own_errors = -1;
static volatile sig_atomic_t is_installed;
static volatile sig_atomic_t is_up;
static volatile sig_atomic_t is_ending;
static char alternate_stack[65536];
// What the terminal has not taken yet, from `pending_start` to `pending_end`.
static char *pending;
static volatile size_t pending_start, pending_end;

static bool write_all(int descriptor, const void *bytes, size_t count) {
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

static int64_t now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int guard_reopen(int descriptor, int flags) {
  char name[64];
  if (ttyname_r(descriptor, name, sizeof name) != 0) return -1;
  return open(name, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

// Writes what the terminal takes until the deadline and returns how much that was, without ever
// waiting inside write: O_NONBLOCK on the shared descriptor would be the shell's as well, so it is
// written to by `own`, and without one a byte at a time, for which poll promises room. Only
// async-signal-safe calls.
static size_t write_until(
  int shared, int own, const char *bytes, size_t count, int64_t deadline) {
  struct pollfd ready = {.fd = own >= 0 ? own : shared, .events = POLLOUT};
  size_t done = 0;
  while (done < count) {
    errno = EAGAIN;
    ssize_t written = -1;
    if (own >= 0 || poll(&ready, 1, 0) > 0) {
      written = write(ready.fd, bytes + done, own >= 0 ? count - done : 1);
    }
    if (written > 0) {
      done += (size_t)written;
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    int64_t left = deadline - now_milliseconds();
    if (left <= 0 || (written < 0 && errno != EAGAIN)) break;
    poll(&ready, 1, (int)left);
  }
  return done;
}

static bool is_pending(void) { return pending_end > pending_start; }

static void drop_pending(void) {
  pending_start = pending_end = 0;
  free(pending);
  pending = NULL;
}

static void push_until(int64_t deadline) {
  if (!is_pending()) return;
  size_t count = pending_end - pending_start;
  size_t done =
    write_until(output_descriptor, own_output, pending + pending_start, count, deadline);
  // A terminal that is gone takes nothing ever.
  bool is_gone = done < count && errno != EAGAIN;
  pending_start += done;
  if (done == count || is_gone) drop_pending();
}

void guard_push(void) { push_until(0); }

int guard_stalled_descriptor(void) { return is_pending() ? own_output : -1; }

bool guard_send(int descriptor, const void *bytes, size_t count) {
  if (own_output < 0) return write_all(descriptor, bytes, count);
  guard_push();
  size_t done = 0;
  if (!is_pending()) {
    done = write_until(output_descriptor, own_output, bytes, count, 0);
    if (done == count) return true;
    if (errno != EAGAIN) return false;
  }
  size_t old = pending_end - pending_start;
  char *all = malloc(old + count - done);
  if (all == NULL) return false;
  if (old > 0) memcpy(all, pending + pending_start, old);
  memcpy(all + old, (const char *)bytes + done, count - done);
  drop_pending();
  pending = all;
  pending_end = old + count - done;
  return true;
}

void guard_settle(void) {
  push_until(now_milliseconds() + LIVING_MILLISECONDS);
  if (!is_pending()) return;
  drop_pending();
  tcflush(output_descriptor, TCOFLUSH);
  write_until(output_descriptor, own_output, CANCEL, sizeof CANCEL - 1, 0);
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
  own_errors = guard_reopen(real, O_WRONLY);
}

// Only async-signal-safe calls: a handler uses it too.
static void release_errors(int64_t deadline) {
  if (held_errors < 0) return;
  off_t end = lseek(held_errors, 0, SEEK_CUR);
  dup2(real_errors, STDERR_FILENO);
  char part[1024];
  for (off_t here = 0; here < end;) {
    size_t wanted = end - here < (off_t)sizeof part ? (size_t)(end - here) : sizeof part;
    ssize_t count = pread(held_errors, part, wanted, here);
    if (count <= 0) break;
    if (write_until(STDERR_FILENO, own_errors, part, (size_t)count, deadline) < (size_t)count) break;
    here += count;
  }
  close(held_errors);
  close(real_errors);
  if (own_errors >= 0) close(own_errors);
  held_errors = real_errors = own_errors = -1;
}

// For a process that dies: it waits a moment, and never in a call that only the terminal can end.
static void restore_terminal(void) {
  if (!is_up) return;
  is_up = 0;
  // The modes take no room, and a terminal that nobody reads has none.
  tcsetattr(input_descriptor, TCSANOW, &modes_before);
  int64_t deadline = now_milliseconds() + DYING_MILLISECONDS;
  size_t count = sizeof restoration - 1;
  // A frame that was not taken to its end ends wherever it does.
  if (is_pending()) {
    write_until(output_descriptor, own_output, CANCEL, sizeof CANCEL - 1, deadline);
  }
  if (write_until(output_descriptor, own_output, restoration, count, deadline) < count) {
    // Nobody reads now. What waits is a frame that nobody needs any more: in its place stands what
    // puts the terminal back, for whoever reads it later.
    tcflush(output_descriptor, TCOFLUSH);
    write_until(output_descriptor, own_output, CANCEL, sizeof CANCEL - 1, 0);
    write_until(output_descriptor, own_output, restoration, count, 0);
  }
  release_errors(deadline);
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

// Whether it tells of a crash: then the report wants the place where it happened, so the signal is
// raised again only when the handler has returned.
static bool is_crash(int number) {
  switch (number) {
  case SIGSEGV:
  case SIGBUS:
  case SIGILL:
  case SIGTRAP:
  case SIGFPE:
  case SIGSYS:
  case SIGABRT: return true;
  default: return false;
  }
}

// The action that was there before comes back and the signal is raised again: the process dies by
// the signal, and Swift's own crash report follows on the normal screen.
static void on_fatal(int signal_number) {
  int saved = errno;
  bool is_keyboard = signal_number == SIGINT || signal_number == SIGQUIT;
  // While another program has the terminal, its Ctrl-C is not ours. A handler and not SIG_IGN,
  // because a program started meanwhile would inherit that.
  if (is_keyboard && is_installed && !is_up && !is_ending) {
    errno = saved;
    return;
  }
  // A second one ends the process at once, whatever the first is waiting for.
  if (!is_ending) {
    is_ending = 1;
    restore_terminal();
  }
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
  struct sigaction action = {.sa_handler = on_fatal};
  for (int number = 1; number < NSIG; number++) {
    if (!is_fatal(number) || sigaction(number, NULL, &fatal_before[number]) != 0) continue;
    // Under nohup a hang-up stays ignored.
    if (fatal_before[number].sa_handler == SIG_IGN) continue;
    action.sa_flags = SA_ONSTACK;
    sigfillset(&action.sa_mask);
    if (!is_crash(number)) {
      action.sa_flags |= SA_NODEFER;
      // Others may end it meanwhile, but none may stop it: changing the modes of a terminal that is
      // another's would.
      sigemptyset(&action.sa_mask);
      const int held[] = {SIGTTOU, SIGTTIN, SIGTSTP, SIGWINCH, SIGCONT};
      for (size_t index = 0; index < sizeof held / sizeof held[0]; index++) {
        sigaddset(&action.sa_mask, held[index]);
      }
    }
    sigaction(number, &action, NULL);
  }
  sigfillset(&action.sa_mask);
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
  own_output = guard_reopen(output, O_WRONLY);
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
  drop_pending();
  if (own_output >= 0) close(own_output);
  own_output = -1;
}

// Keys one by one, Ctrl-C as a key, no echo, and bytes out as they are.
void guard_take_modes(void) {
  struct termios modes = modes_before;
  modes.c_iflag &= ~(tcflag_t)(BRKINT | PARMRK | INLCR | IGNCR | ICRNL | IXON);
  modes.c_oflag &= ~(tcflag_t)OPOST;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ISIG | IEXTEN | ECHO | ECHONL);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  tcsetattr(input_descriptor, TCSANOW, &modes);
}

void guard_raise(void) {
  if (!is_installed) return;
  hold_errors();
  is_up = 1;
  guard_take_modes();
}

void guard_lower(void) {
  is_up = 0;
  if (is_installed) tcsetattr(input_descriptor, TCSADRAIN, &modes_before);
  release_errors(now_milliseconds() + LIVING_MILLISECONDS);
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
