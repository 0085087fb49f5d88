#define _GNU_SOURCE 1
#define _XOPEN_SOURCE_EXTENDED 1
#include "CNcurses.h"
#include "Guard.h"
#include "Input.h"

#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *input_file;
// ncurses writes into memory and never to the terminal: a frame is shortened on its way, and a
// terminal that takes nothing must not hold the program.
static FILE *memory_file;
static int terminal_output = -1;
static bool is_live;
static bool is_suspended;
static bool has_default_colors;
static int colors_in_use;
static int cursor_shown = -1;
static size_t last_frame_bytes;

static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";
// The terminal shows what stands between them at once. Only emulators with 256 colours are told:
// they know it, or pass over a mode that they do not know.
static const char frame_on[] = "\033[?2026h";
static const char frame_off[] = "\033[?2026l";
#define BRACKET (sizeof frame_on - 1)
static bool is_held_back;

bool locale_prepare(void) {
  // LC_CTYPE only: a decimal comma is no business of a terminal.
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  const char *name = setlocale(LC_CTYPE, NULL);
  bool says_nothing = name == NULL || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
  // Nothing chosen, or a locale that is not installed: both mean UTF-8 nowadays.
  if (says_nothing && setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "C.utf8");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int32_t locale_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

static void start_colors(int32_t limit) {
  colors_in_use = 0;
  has_default_colors = false;
  // Without start_color ncurses sends no colour at all, not even a reset.
  if (limit <= 0 || !has_colors() || start_color() != OK || COLOR_PAIRS <= 1) return;
  has_default_colors = use_default_colors() == OK;
  colors_in_use = COLORS < limit ? COLORS : limit;
}

static void release(void) {
  if (screen != NULL) delscreen(screen);
  if (input_file != NULL) fclose(input_file);
  if (memory_file != NULL) fclose(memory_file);
  screen = NULL;
  input_file = memory_file = NULL;
  terminal_output = -1;
  is_live = is_suspended = false;
  cursor_shown = -1;
}

// Takes what ncurses has written; NULL when that is nothing.
static uint8_t *take_written(size_t *count) {
  int memory = fileno(memory_file);
  off_t size = lseek(memory, 0, SEEK_END);
  uint8_t *bytes = size > 0 ? malloc((size_t)size) : NULL;
  if (bytes != NULL && pread(memory, bytes, (size_t)size, 0) != size) {
    free(bytes);
    bytes = NULL;
  }
  *count = bytes == NULL ? 0 : (size_t)size;
  if (ftruncate(memory, 0) == 0) lseek(memory, 0, SEEK_SET);
  return bytes;
}

void screen_send_written(void) {
  size_t count;
  uint8_t *bytes = take_written(&count);
  screen_write(bytes, count);
  free(bytes);
}

static void send_frame(void) {
  size_t count;
  uint8_t *bytes = take_written(&count);
  size_t around = is_held_back ? BRACKET : 0, room = 2 * count + 64;
  uint8_t *frame = bytes == NULL ? NULL : malloc(room + 2 * BRACKET);
  last_frame_bytes = 0;
  if (frame != NULL) {
    size_t used = screen_shorten(bytes, count, frame + around, room, COLORS >= 256);
    if (used > room) memcpy(frame + around, bytes, used = count);
    memcpy(frame, frame_on, around);
    memcpy(frame + around + used, frame_off, around);
    last_frame_bytes = used + 2 * around;
    screen_write(frame, last_frame_bytes);
  }
  free(frame);
  free(bytes);
}

size_t screen_frame_bytes(void) { return last_frame_bytes; }

static screen_status begin(const char *terminal, int32_t color_limit, bool mouse) {
  int memory = memfd_create("screen", MFD_CLOEXEC);
  if (memory < 0) return SCREEN_NO_RESOURCES;
  memory_file = fdopen(memory, "w");
  if (memory_file == NULL) {
    close(memory);
    return SCREEN_NO_RESOURCES;
  }
  screen = newterm(terminal, memory_file, input_file);
  if (screen == NULL) return SCREEN_UNKNOWN_TERMINAL;
  set_term(screen);
  is_held_back = tigetnum("colors") >= 256;
  const char *place_cursor = tigetstr("cup");
  if (place_cursor == NULL || place_cursor == (const char *)-1) {
    endwin();
    return SCREEN_FIXED_CURSOR;
  }
  if (getenv("ESCDELAY") == NULL) set_escdelay(25);
  // The modes of the terminal itself are guard_take_modes' business.
  noecho();
  nonl();
  screen_cursor(0, 0, false);
  start_colors(color_limit);
  if (!input_begin()) {
    endwin();
    return SCREEN_NO_RESOURCES;
  }
  screen_follow_size();
  if (mouse) screen_mouse(true);
  screen_send_written();
  return SCREEN_OPENED;
}

static FILE *duplicate(int descriptor, const char *mode) {
  int copy = dup(descriptor);
  if (copy < 0) return NULL;
  FILE *file = fdopen(copy, mode);
  if (file == NULL) close(copy);
  return file;
}

// The terminal once more for reading, so that no read of ours can wait: after a report that it drops,
// such as the release of a button, ncurses reads on although it was told not to wait.
static FILE *reopen(int descriptor) {
  int own = guard_reopen(descriptor, O_RDONLY);
  if (own < 0) return NULL;
  FILE *file = fdopen(own, "r");
  if (file == NULL) close(own);
  return file;
}

screen_status screen_open(
  const char *terminal, int32_t input, int32_t output, int32_t color_limit, bool mouse) {
  if (screen != NULL) return SCREEN_BUSY;
  input_file = reopen(input);
  if (input_file == NULL) input_file = duplicate(input, "r");
  if (input_file == NULL || !guard_install(input, output)) {
    release();
    return SCREEN_NO_RESOURCES;
  }
  // Exported by scripts and some shells, they would pin the size and make resizing do nothing.
  unsetenv("LINES");
  unsetenv("COLUMNS");
  guard_raise();
  terminal_output = output;
  is_live = true;
  screen_status status = begin(terminal, color_limit, mouse);
  if (status != SCREEN_OPENED) {
    guard_remove();
    release();
    return status;
  }
  screen_write((const uint8_t *)paste_on, sizeof paste_on - 1);
  static bool is_registered;
  if (!is_registered) atexit(screen_close);
  is_registered = true;
  return SCREEN_OPENED;
}

screen_status screen_open_headless(
  const char *terminal, int32_t rows, int32_t columns, int32_t color_limit) {
  if (screen != NULL) return SCREEN_BUSY;
  input_file = fopen("/dev/null", "r");
  if (input_file == NULL) return SCREEN_NO_RESOURCES;
  screen_status status = begin(terminal, color_limit, false);
  if (status == SCREEN_OPENED) {
    resizeterm(rows, columns);
  } else {
    release();
  }
  return status;
}

// Waits for the last frame first: what is not taken then is dropped, and the way out must not be.
static void leave(void) {
  // While the terminal still reports it.
  if (is_live) input_await_release();
  guard_settle();
  endwin();
  screen_write((const uint8_t *)paste_off, sizeof paste_off - 1);
  screen_send_written();
  guard_settle();
}

void screen_close(void) {
  if (screen == NULL) return;
  if (!is_suspended) leave();
  input_end();
  if (is_live) guard_remove();
  release();
}

void screen_suspend(void) {
  if (screen == NULL || is_suspended) return;
  is_suspended = true;
  leave();
  if (is_live) guard_lower();
}

// Exactly the reverse of what suspending did.
void screen_resume(void) {
  if (screen == NULL || !is_suspended) return;
  is_suspended = false;
  if (is_live) guard_raise();
  input_resume();
  screen_write((const uint8_t *)paste_on, sizeof paste_on - 1);
  clearok(curscr, TRUE);
  screen_follow_size();
}

void screen_stop(void) {
  if (screen == NULL || !is_live) return;
  screen_suspend();
  guard_stop();
  screen_resume();
}

int screen_input_descriptor(void) { return input_file == NULL ? -1 : fileno(input_file); }

bool screen_follow_size(void) {
  struct winsize size;
  if (terminal_output < 0 || ioctl(terminal_output, TIOCGWINSZ, &size) != 0) return false;
  if (size.ws_row == 0 || size.ws_col == 0) return false;
  if (size.ws_row == LINES && size.ws_col == COLS) return false;
  return resizeterm(size.ws_row, size.ws_col) == OK;
}

void screen_retake(void) {
  if (screen == NULL || is_suspended) return;
  if (is_live) guard_take_modes();
  input_resume();
  screen_write((const uint8_t *)paste_on, sizeof paste_on - 1);
  clearok(curscr, TRUE);
  screen_follow_size();
}

int32_t screen_rows(void) { return screen == NULL ? 0 : LINES; }
int32_t screen_columns(void) { return screen == NULL ? 0 : COLS; }
int32_t screen_colors(void) { return screen == NULL ? 0 : colors_in_use; }
int32_t screen_signal_descriptor(void) { return guard_descriptor(); }

int32_t screen_pair(int32_t foreground, int32_t background) {
  // alloc_pair crashes when colours were never started.
  if (screen == NULL || colors_in_use == 0) return 0;
  if (foreground >= COLORS) foreground = -1;
  if (background >= COLORS) background = -1;
  if (!has_default_colors) {
    if (foreground < 0) foreground = COLOR_WHITE;
    if (background < 0) background = COLOR_BLACK;
  }
  int pair = alloc_pair(foreground, background);
  return pair < 0 ? 0 : pair;
}

void screen_forget_pairs(void) {
  if (screen != NULL && colors_in_use > 0) reset_color_pairs();
}

void screen_erase(void) {
  if (screen != NULL) erase();
}

void screen_put(
  int32_t row, int32_t column, const uint32_t *scalars, int32_t count, uint32_t attributes,
  int32_t pair) {
  if (screen == NULL || row < 0 || column < 0 || row >= LINES || column >= COLS) return;
  wchar_t text[SCREEN_SCALARS_MAX + 1] = {L' '};
  if (count > SCREEN_SCALARS_MAX) count = SCREEN_SCALARS_MAX;
  for (int32_t index = 0; index < count; index++) text[index] = (wchar_t)scalars[index];
  attr_t curses_attributes = A_NORMAL;
  if (attributes & SCREEN_BOLD) curses_attributes |= A_BOLD;
  if (attributes & SCREEN_UNDERLINE) curses_attributes |= A_UNDERLINE;
  if (attributes & SCREEN_REVERSE) curses_attributes |= A_REVERSE;
  cchar_t cell;
  int extended_pair = pair;
  if (setcchar(&cell, text, curses_attributes, 0, &extended_pair) != OK) return;
  // Not mvadd_wch, which advances and so fails in the last corner.
  mvadd_wchnstr(row, column, &cell, 1);
}

void screen_cursor(int32_t row, int32_t column, bool visible) {
  if (screen == NULL) return;
  if (cursor_shown != visible) {
    cursor_shown = visible;
    curs_set(visible ? 1 : 0);
  }
  move(row, column);
}

void screen_flush(void) {
  if (screen == NULL || is_suspended) return;
  wnoutrefresh(stdscr);
  doupdate();
  send_frame();
}

void screen_repaint(void) {
  if (screen != NULL) clearok(curscr, TRUE);
}

bool screen_read(int32_t row, int32_t column, screen_cell *cell) {
  cchar_t held;
  if (screen == NULL || mvin_wch(row, column, &held) != OK) return false;
  wchar_t text[SCREEN_SCALARS_MAX + 1] = {0};
  attr_t attributes;
  short pair;
  int extended_pair = 0;
  if (getcchar(&held, text, &attributes, &pair, &extended_pair) != OK) return false;
  *cell = (screen_cell){0};
  while (cell->count < SCREEN_SCALARS_MAX && text[cell->count] != 0) {
    cell->scalars[cell->count] = (uint32_t)text[cell->count];
    cell->count += 1;
  }
  if (attributes & A_BOLD) cell->attributes |= SCREEN_BOLD;
  if (attributes & A_UNDERLINE) cell->attributes |= SCREEN_UNDERLINE;
  if (attributes & A_REVERSE) cell->attributes |= SCREEN_REVERSE;
  cell->foreground = cell->background = -1;
  if (extended_pair > 0) {
    extended_pair_content(extended_pair, &cell->foreground, &cell->background);
  }
  return true;
}

void screen_resize(int32_t rows, int32_t columns) {
  if (screen != NULL && rows > 0 && columns > 0) resizeterm(rows, columns);
}

bool screen_write(const uint8_t *bytes, size_t count) {
  return screen != NULL && is_live && guard_send(terminal_output, bytes, count);
}

void screen_push(void) { guard_push(); }

int32_t screen_stalled_descriptor(void) { return guard_stalled_descriptor(); }
