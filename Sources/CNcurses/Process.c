#define _GNU_SOURCE 1
#include "CNcurses.h"
#include "Guard.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

int32_t process_feed(
  const char *const *arguments, const char *const *environment, const uint8_t *bytes,
  size_t count) {
  // A file in memory and not a pipe: nobody blocks when the program does not read.
  int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  pid_t child = -1;
  posix_spawn_file_actions_t actions;
  if (
    write_all(file, bytes, count) && lseek(file, 0, SEEK_SET) == 0
    && posix_spawn_file_actions_init(&actions) == 0) {
    posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failure = posix_spawnp(
      &child, arguments[0], &actions, NULL, (char *const *)arguments, (char *const *)environment);
    if (failure != 0) child = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  close(file);
  return child;
}
