#include "ferry_background.h"

#include <pthread.h>
#include <stdlib.h>

struct ferry_background {
  pthread_t thread;
  void (*body)(void *);
  void *context;
};

static void *run(void *argument) {
  ferry_background *background = argument;
  background->body(background->context);
  return NULL;
}

ferry_background *ferry_background_begin(void (*body)(void *), void *context) {
  ferry_background *background = malloc(sizeof *background);
  if (background == NULL) return NULL;
  background->body = body;
  background->context = context;
  if (pthread_create(&background->thread, NULL, run, background) != 0) {
    free(background);
    return NULL;
  }
  return background;
}

void ferry_background_end(ferry_background *background) {
  pthread_join(background->thread, NULL);
  free(background);
}
