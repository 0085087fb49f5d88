#define _GNU_SOURCE 1
#define _XOPEN_SOURCE_EXTENDED 1
#include "CNcurses.h"
#include "Guard.h"
#include "Input.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

// Far from the codes that ncurses gives to a terminal's extended keys, which begin at KEY_MAX.
#define KEY_PASTE_BEGIN (KEY_MAX + 0x1000)
#define KEY_PASTE_END (KEY_MAX + 0x1001)

// A pad, because reading from a window refreshes it behind the program's back.
static WINDOW *pad;
// A byte or key that came where the rest of a character was expected; ERR when there is none.
static int kept = ERR;
static bool resize_is_due;
static bool stop_is_due;
// Whether the last input was the press of the button, so that its release is still to come.
static bool is_pressed;

struct sequence {
  const char *bytes;
  int key;
};

// Terminals send these in the mode terminfo does not describe, or in place of what it describes.
static const struct sequence sequences[] = {
  {"\033[A", KEY_UP},        {"\033[B", KEY_DOWN},      {"\033[C", KEY_RIGHT},
  {"\033[D", KEY_LEFT},      {"\033OA", KEY_UP},        {"\033OB", KEY_DOWN},
  {"\033OC", KEY_RIGHT},     {"\033OD", KEY_LEFT},      {"\033[H", KEY_HOME},
  {"\033OH", KEY_HOME},      {"\033[1~", KEY_HOME},     {"\033[7~", KEY_HOME},
  {"\033[F", KEY_END},       {"\033OF", KEY_END},       {"\033[4~", KEY_END},
  {"\033[8~", KEY_END},      {"\033[3~", KEY_DC},       {"\033[5~", KEY_PPAGE},
  {"\033[6~", KEY_NPAGE},    {"\033[Z", KEY_BTAB},      {"\033OP", KEY_F(1)},
  {"\033OQ", KEY_F(2)},      {"\033OR", KEY_F(3)},      {"\033OS", KEY_F(4)},
  {"\033[11~", KEY_F(1)},    {"\033[12~", KEY_F(2)},    {"\033[13~", KEY_F(3)},
  {"\033[14~", KEY_F(4)},    {"\033[[A", KEY_F(1)},     {"\033[[B", KEY_F(2)},
  {"\033[[C", KEY_F(3)},     {"\033[[D", KEY_F(4)},     {"\033[[E", KEY_F(5)},
  {"\033[15~", KEY_F(5)},    {"\033[17~", KEY_F(6)},    {"\033[18~", KEY_F(7)},
  {"\033[19~", KEY_F(8)},    {"\033[20~", KEY_F(9)},    {"\033[21~", KEY_F(10)},
  {"\033[23~", KEY_F(11)},   {"\033[24~", KEY_F(12)},   {"\033OM", KEY_ENTER},
  {"\033[200~", KEY_PASTE_BEGIN}, {"\033[201~", KEY_PASTE_END},
};

bool input_begin(void) {
  pad = newpad(1, 1);
  if (pad == NULL) return false;
  keypad(pad, TRUE);
  meta(pad, TRUE);
  intrflush(pad, FALSE);
  for (size_t index = 0; index < sizeof sequences / sizeof sequences[0]; index++) {
    define_key(sequences[index].bytes, sequences[index].key);
  }
  resize_is_due = stop_is_due = is_pressed = false;
  kept = ERR;
  return true;
}

void input_resume(void) {
  if (pad != NULL) keypad(pad, TRUE);
}

void input_end(void) {
  if (pad != NULL) delwin(pad);
  pad = NULL;
}

void screen_mouse(bool on) {
  if (pad == NULL) return;
  mmask_t wanted = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED
    | BUTTON4_PRESSED | BUTTON5_PRESSED;
  mousemask(on ? wanted : 0, NULL);
  mouseinterval(0);
  screen_send_written();
}

static void follow_signals(void) {
  char letters[64];
  ssize_t count;
  while ((count = read(guard_descriptor(), letters, sizeof letters)) > 0) {
    for (ssize_t index = 0; index < count; index++) {
      if (letters[index] == GUARD_STOP_REQUESTED) stop_is_due = true;
      if (letters[index] == GUARD_RESIZED && screen_follow_size()) resize_is_due = true;
      if (letters[index] == GUARD_CONTINUED) {
        screen_retake();
        resize_is_due = true;
      }
    }
  }
}

static int32_t named(wint_t code) {
  if (code > KEY_F0 && code <= KEY_F(12)) return SCREEN_KEY_F0 + (int32_t)(code - KEY_F0);
  switch (code) {
  case KEY_UP: return SCREEN_KEY_UP;
  case KEY_DOWN: return SCREEN_KEY_DOWN;
  case KEY_LEFT: return SCREEN_KEY_LEFT;
  case KEY_RIGHT: return SCREEN_KEY_RIGHT;
  case KEY_HOME: return SCREEN_KEY_HOME;
  case KEY_END: return SCREEN_KEY_END;
  case KEY_PPAGE: return SCREEN_KEY_PAGE_UP;
  case KEY_NPAGE: return SCREEN_KEY_PAGE_DOWN;
  case KEY_DC: return SCREEN_KEY_DELETE;
  case KEY_BACKSPACE: return SCREEN_KEY_BACKSPACE;
  case KEY_BTAB: return SCREEN_KEY_BACK_TAB;
  case KEY_ENTER: return SCREEN_KEY_ENTER;
  case KEY_PASTE_BEGIN: return SCREEN_KEY_PASTE_BEGIN;
  case KEY_PASTE_END: return SCREEN_KEY_PASTE_END;
  default: return SCREEN_KEY_OTHER;
  }
}

static screen_event mouse_event(void) {
  screen_event event = {.kind = SCREEN_MOUSE, .code = SCREEN_MOUSE_OTHER};
  MEVENT mouse;
  if (getmouse(&mouse) != OK) return event;
  event.column = mouse.x;
  event.row = mouse.y;
  if (mouse.bstate & BUTTON1_PRESSED) is_pressed = true;
  if (mouse.bstate & (BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED)) {
    is_pressed = false;
  }
  // Press and release that arrive together come as a click, whatever the interval says.
  if (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED)) {
    event.code = SCREEN_MOUSE_PRESS;
  } else if (mouse.bstate & BUTTON4_PRESSED) {
    event.code = SCREEN_MOUSE_WHEEL_UP;
  } else if (mouse.bstate & BUTTON5_PRESSED) {
    event.code = SCREEN_MOUSE_WHEEL_DOWN;
  }
  return event;
}

// How long the rest of a character that has begun is waited for.
#define REST_MILLISECONDS 25

static int take(int wait_milliseconds) {
  if (kept != ERR) {
    int code = kept;
    kept = ERR;
    return code;
  }
  wtimeout(pad, wait_milliseconds);
  return wgetch(pad);
}

// Puts a character together. Bytes and not ncurses' own wide characters, because those hide bytes
// that are none in any encoding: ncurses gathers dozens of them, with the keys behind, and then says
// that there was no input.
static screen_event character(int first) {
  screen_event event = {.kind = SCREEN_INVALID};
  mbstate_t state = {0};
  bool is_begun = false;
  for (int code = first;;) {
    char byte = (char)code;
    wchar_t scalar = 0;
    size_t length = mbrtowc(&scalar, &byte, 1, &state);
    if (length == (size_t)-1) {
      // What ends one character may begin the next.
      if (is_begun) kept = code;
      return event;
    }
    if (length != (size_t)-2) {
      event.kind = SCREEN_CHARACTER;
      event.code = (int32_t)scalar;
      return event;
    }
    is_begun = true;
    code = take(REST_MILLISECONDS);
    if (code == ERR) return event;
    if (code > UINT8_MAX) {
      kept = code;
      return event;
    }
  }
}

// Whether reading comes to an end: it is said to be possible, and there is nothing.
static bool is_at_end(void) {
  struct pollfd ready = {.fd = screen_input_descriptor(), .events = POLLIN};
  int waiting = 0;
  return poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)
    && ioctl(ready.fd, FIONREAD, &waiting) == 0 && waiting == 0;
}

screen_event screen_next(int32_t wait_milliseconds) {
  screen_event event = {.kind = SCREEN_NOTHING};
  if (pad == NULL) return event;
  follow_signals();
  if (resize_is_due || stop_is_due) {
    event.kind = resize_is_due ? SCREEN_RESIZED : SCREEN_STOP_REQUESTED;
    if (resize_is_due) resize_is_due = false;
    else stop_is_due = false;
    return event;
  }
  // Where a byte waits, the rest of its character may need a moment; where none does, ncurses may
  // still hold one.
  struct pollfd ready = {.fd = screen_input_descriptor(), .events = POLLIN};
  bool has_byte = poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN);
  int wait = has_byte && wait_milliseconds < REST_MILLISECONDS ? REST_MILLISECONDS : wait_milliseconds;
  for (;;) {
    int code = take(wait);
    if (code == ERR) {
      if (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) guard_hang_up();
      if (has_byte && is_at_end()) event.kind = SCREEN_ENDED;
      return event;
    }
    // Told by follow_signals already.
    if (code == KEY_RESIZE) {
      wait = wait_milliseconds;
      continue;
    }
    if (code == KEY_MOUSE) return mouse_event();
    is_pressed = false;
    if (code <= UINT8_MAX) return character(code);
    event.kind = SCREEN_KEY;
    event.code = named((wint_t)code);
    return event;
  }
}

// How long a release is waited for: people hold a button about a tenth of a second.
#define RELEASE_MILLISECONDS 500

static int64_t now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void input_await_release(void) {
  int64_t deadline = now_milliseconds() + RELEASE_MILLISECONDS;
  while (is_pressed && pad != NULL) {
    int64_t left = deadline - now_milliseconds();
    struct pollfd ready = {.fd = screen_input_descriptor(), .events = POLLIN};
    int count = left > 0 ? poll(&ready, 1, (int)left) : 0;
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || !(ready.revents & POLLIN) || is_at_end()) break;
    if (take(REST_MILLISECONDS) == KEY_MOUSE) mouse_event();
  }
  is_pressed = false;
}
