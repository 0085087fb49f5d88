// What the screen and its input know of each other.
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>

bool input_begin(void);
// Keys of the keypad again, which ncurses gave back with the screen.
void input_resume(void);
void input_end(void);
// Takes the release of a button whose press was the last input, for a short moment: after the way
// out the shell would read its report.
void input_await_release(void);
// Where keys come from.
int screen_input_descriptor(void);
// Gives ncurses the terminal's size; true when it was another.
bool screen_follow_size(void);
// Sends what ncurses has written beside frames: the way in and out, and modes.
void screen_send_written(void);
// After a stop that nobody announced: the modes and the picture are unknown.
void screen_retake(void);

#endif
