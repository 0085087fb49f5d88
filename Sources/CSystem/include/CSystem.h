// What glibc shows to C only, and what must not be Swift: a signal handler may not allocate, and Swift promises
// nothing about that.
#ifndef CSystem_H
#define CSystem_H
#include <stdbool.h>
#include <stddef.h>

// Writes everything, whatever interrupts it; returns 0 or an errno.
int system_write_all(int descriptor, const void *bytes, size_t count);

// A file in memory that holds the bytes and stands at its beginning; -1 when there is none. Nobody blocks when the
// program that is to read it does not.
int system_memory_file(const unsigned char *bytes, size_t count);

// A file in memory for what a program prints: it never grows beyond this many bytes, and a program that writes more
// gets an error, not a signal, as long as it runs; -1 when there is none.
int system_output_file(size_t count);

// Starts a program in a session of its own, with /dev/null for its three descriptors or `input`, `output` and `errors`
// where they are not -1, no other descriptor and the usual signal handling; returns 0 or an errno. A path without "/"
// is searched for in PATH.
int system_start_detached(const char *path, char *const arguments[], char *const environment[],
                          int input, int output, int errors, int *child);

// The same for a browser that is driven over pipes: it reads commands from its descriptor 3, which is `commands`, and
// writes messages to its descriptor 4, which is `messages`. Both must be 5 or more.
int system_start_debugged(const char *path, char *const arguments[], char *const environment[],
                          int errors, int commands, int messages, int *child);

// From here on a signal that is taken writes its number, one byte, to this descriptor; false when another one has been
// named and not left yet.
bool signals_begin(int descriptor);
// Takes a signal, unless it was ignored before: nohup and a shell's background jobs ignore signals on purpose. After
// the first of those that end the program, they all have their usual effect again.
void signals_take(int number, bool is_ending);
// Restores what was there before.
void signals_end(void);
#endif
