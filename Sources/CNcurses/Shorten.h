#ifndef CNCURSES_SHORTEN_H
#define CNCURSES_SHORTEN_H

#include <stdbool.h>
#include <stddef.h>

// From here on what doupdate sends is kept in memory; false when it goes to the terminal itself.
bool frame_begin(int descriptor);
// Sends what was kept, shortened.
void frame_end(int descriptor, bool can_switch_off);
// Forgets the memory.
void frame_forget(void);

#endif
