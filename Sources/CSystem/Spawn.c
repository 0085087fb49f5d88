#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int system_write_all(int descriptor, const void *bytes, size_t count) {
  const char *rest = bytes;
  while (count > 0) {
    ssize_t written = write(descriptor, rest, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    rest += written;
    count -= (size_t)written;
  }
  return 0;
}

int system_memory_file(const unsigned char *bytes, size_t count) {
  int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  if (system_write_all(file, bytes, count) == 0 && lseek(file, 0, SEEK_SET) == 0) return file;
  close(file);
  return -1;
}

int system_output_file(size_t count) {
  int file = memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  if (ftruncate(file, (off_t)count) == 0 &&
      fcntl(file, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0)
    return file;
  close(file);
  return -1;
}

// Descriptors 3 and 4 are `commands` and `messages` where they are not -1.
static int start(const char *path, char *const arguments[], char *const environment[], int input,
                 int output, int errors, int commands, int messages, int *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code) return code;
  code = posix_spawnattr_init(&attributes);
  if (code) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  for (int descriptor = 0; descriptor < 3 && !code; descriptor++)
    code = posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  if (!code && input >= 0) code = posix_spawn_file_actions_adddup2(&actions, input, 0);
  if (!code && output >= 0) code = posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (!code && errors >= 0) code = posix_spawn_file_actions_adddup2(&actions, errors, 2);
  if (!code && commands >= 0) code = posix_spawn_file_actions_adddup2(&actions, commands, 3);
  if (!code && messages >= 0) code = posix_spawn_file_actions_adddup2(&actions, messages, 4);
  // Listeners and connections must not live on in a browser.
  int first = commands >= 0 && messages >= 0 ? 5 : 3;
  if (!code) code = posix_spawn_file_actions_addclosefrom_np(&actions, first);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  if (!code) code = posix_spawnattr_setsigmask(&attributes, &none);
  if (!code) code = posix_spawnattr_setsigdefault(&attributes, &all);
  if (!code)
    code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                                   POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  if (!code) code = posix_spawnp(&pid, path, &actions, &attributes, arguments, environment);
  // A file that was just written may still be open in another child that has not begun yet.
  const struct timespec moment = {.tv_nsec = 5000000};
  for (int tries = 0; code == ETXTBSY && tries < 20; tries++) {
    nanosleep(&moment, NULL);
    code = posix_spawnp(&pid, path, &actions, &attributes, arguments, environment);
  }
  *child = pid;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int system_start_detached(const char *path, char *const arguments[], char *const environment[],
                          int input, int output, int errors, int *child) {
  return start(path, arguments, environment, input, output, errors, -1, -1, child);
}

int system_start_debugged(const char *path, char *const arguments[], char *const environment[],
                          int errors, int commands, int messages, int *child) {
  // A descriptor that is 3 or 4 itself would be overwritten before it is copied.
  if (commands < 5 || messages < 5) return EBADF;
  return start(path, arguments, environment, -1, -1, errors, commands, messages, child);
}
