// The part of ncurses that the explorer needs, one function per meaning, in types Swift imports.
// No curses type leaves this target, so nothing can go around it. Everything but what the signal
// handlers do belongs to one thread.
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum screen_status {
  SCREEN_OPENED,
  SCREEN_BUSY,              // one is open already
  SCREEN_UNKNOWN_TERMINAL,  // terminfo does not describe it
  SCREEN_FIXED_CURSOR,      // described, but cannot place a cursor
  SCREEN_NO_RESOURCES,
} screen_status;

typedef enum screen_event_kind {
  SCREEN_NOTHING,
  SCREEN_CHARACTER,  // code is a scalar, controls included
  SCREEN_KEY,        // code is a screen_key
  SCREEN_MOUSE,      // code is a screen_mouse_action
  SCREEN_RESIZED,
  SCREEN_STOP_REQUESTED,  // SIGTSTP came from outside
  SCREEN_INVALID,         // bytes that are no character
  SCREEN_ENDED,           // the input has come to its end
} screen_event_kind;

typedef enum screen_key {
  SCREEN_KEY_OTHER,
  SCREEN_KEY_UP,
  SCREEN_KEY_DOWN,
  SCREEN_KEY_LEFT,
  SCREEN_KEY_RIGHT,
  SCREEN_KEY_HOME,
  SCREEN_KEY_END,
  SCREEN_KEY_PAGE_UP,
  SCREEN_KEY_PAGE_DOWN,
  SCREEN_KEY_DELETE,
  SCREEN_KEY_BACKSPACE,
  SCREEN_KEY_BACK_TAB,
  SCREEN_KEY_ENTER,
  SCREEN_KEY_PASTE_BEGIN,
  SCREEN_KEY_PASTE_END,
  SCREEN_KEY_F0 = 100,  // F1 is 101
} screen_key;

typedef enum screen_mouse_action {
  SCREEN_MOUSE_OTHER,
  SCREEN_MOUSE_PRESS,
  SCREEN_MOUSE_WHEEL_UP,
  SCREEN_MOUSE_WHEEL_DOWN,
} screen_mouse_action;

typedef struct screen_event {
  int32_t kind;
  int32_t code;
  int32_t column;
  int32_t row;
} screen_event;

#define SCREEN_BOLD 1u
#define SCREEN_UNDERLINE 2u
#define SCREEN_REVERSE 4u

// One spacing character and four combining ones: what a cell of ncurses holds.
#define SCREEN_SCALARS_MAX 5

typedef struct screen_cell {
  uint32_t scalars[SCREEN_SCALARS_MAX];
  int32_t count;
  uint32_t attributes;
  int32_t foreground;
  int32_t background;
} screen_cell;

// Chooses the character encoding from the environment; true when it is UTF-8 afterwards.
bool locale_prepare(void);
// The cells a scalar takes by the C library's table; -1 for controls.
int32_t locale_width(uint32_t scalar);

// Takes the terminal: signals guarded, standard error held back, alternate screen.
// `color_limit` 0 leaves colours alone.
screen_status screen_open(
  const char *terminal, int32_t input, int32_t output, int32_t color_limit, bool mouse);
// A screen of the given size that writes nowhere, for tests.
screen_status screen_open_headless(
  const char *terminal, int32_t rows, int32_t columns, int32_t color_limit);
void screen_close(void);
void screen_suspend(void);
void screen_resume(void);
// Leaves the screen, stops the process group as the shell expects, returns when continued.
void screen_stop(void);

int32_t screen_rows(void);
int32_t screen_columns(void);
// How many colours are in use; 0 for none.
int32_t screen_colors(void);
// Readable when a signal changed something that `screen_next` will tell; -1 when closed.
int32_t screen_signal_descriptor(void);

// -1 is the terminal's own colour. Returns 0, the plain pair, where colours do not work.
int32_t screen_pair(int32_t foreground, int32_t background);
void screen_forget_pairs(void);
void screen_erase(void);
void screen_put(
  int32_t row, int32_t column, const uint32_t *scalars, int32_t count, uint32_t attributes,
  int32_t pair);
void screen_cursor(int32_t row, int32_t column, bool visible);
void screen_flush(void);
// How many bytes the last frame was that was sent.
size_t screen_frame_bytes(void);
void screen_repaint(void);
bool screen_read(int32_t row, int32_t column, screen_cell *cell);
void screen_resize(int32_t rows, int32_t columns);
void screen_mouse(bool on);
// Waits up to `wait_milliseconds` for the first byte, 0 not at all.
screen_event screen_next(int32_t wait_milliseconds);
// Says what a frame of ncurses says in as few bytes as may be, and returns how many they are: more
// than `room` when they did not fit. `can_switch_off` when the terminal can end one mark alone.
size_t screen_shorten(
  const uint8_t *input, size_t count, uint8_t *output, size_t room, bool can_switch_off);
// A terminal that nobody reads takes nothing: what it has not taken is kept, and a descriptor told
// that becomes writable when it takes more; -1 when nothing is kept.
int32_t screen_stalled_descriptor(void);
// Sends more of what was kept; never waits.
void screen_push(void);
// Writes bytes between two frames; false when they are lost.
bool screen_write(const uint8_t *bytes, size_t count);

#endif
