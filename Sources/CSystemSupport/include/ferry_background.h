/* A function that a thread of its own runs. */
#ifndef FERRY_BACKGROUND_H
#define FERRY_BACKGROUND_H

typedef struct ferry_background ferry_background;

/* Begins `body(context)`. Null when a thread cannot be had. */
ferry_background *ferry_background_begin(void (*body)(void *), void *context);

/* Waits until the function has returned, and frees the handle. */
void ferry_background_end(ferry_background *background);

#endif
