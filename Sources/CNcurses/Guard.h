// What keeps the terminal usable whatever ends the process.
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_RESIZED 'W'
#define GUARD_CONTINUED 'C'
#define GUARD_STOP_REQUESTED 'T'

// Remembers the terminal's modes and takes the signals; false without resources.
bool guard_install(int input, int output);
void guard_remove(void);
// While the screen is up the terminal has our modes and a signal restores it; while it is down, INT
// and QUIT belong to the program that has the terminal.
void guard_raise(void);
void guard_lower(void);
// Sets our modes again, after another program may have changed them.
void guard_take_modes(void);
// The reading end of the pipe into which handlers write the letters above; -1 without one.
int guard_descriptor(void);
// Stops the process group by SIGTSTP's default action.
void guard_stop(void);
// The terminal is gone: ends the process as a hang-up does.
void guard_hang_up(void);
// Opens the terminal of a descriptor once more, non-blocking and for this program alone; -1 where
// that is refused. The shell's own descriptor must stay as it is.
int guard_reopen(int descriptor, int flags);
// Writes what the terminal takes now and keeps the rest for `guard_push`; false without memory, or
// when the terminal is gone. Where the terminal cannot be opened once more it waits.
bool guard_send(int descriptor, const void *bytes, size_t count);
void guard_push(void);
// Becomes writable when the terminal takes more of what was kept; -1 when nothing is.
int guard_stalled_descriptor(void);
// Waits a moment for what was kept, and drops it: others write to the terminal now.
void guard_settle(void);

#endif
