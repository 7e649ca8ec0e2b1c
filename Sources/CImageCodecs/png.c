#include "ferry_image_codecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t position;
} source;

static void read_bytes(png_structp decoder, png_bytep target, size_t count) {
  source *from = png_get_io_ptr(decoder);
  if (count > from->count - from->position) png_error(decoder, "the file ends early");
  memcpy(target, from->bytes + from->position, count);
  from->position += count;
}

static void leave(png_structp decoder, png_const_charp text) {
  snprintf(png_get_error_ptr(decoder), FERRY_IMAGE_MESSAGE_SIZE, "%s", text);
  longjmp(png_jmpbuf(decoder), 1);
}

/// libpng warns of chunks that pixels do not depend on: colour profiles, texts.
static void ignore(png_structp decoder, png_const_charp text) {
  (void)decoder;
  (void)text;
}

ferry_image_status ferry_decode_png(
    const uint8_t *bytes, size_t count, uint64_t most_pixels, ferry_image *image, char message[FERRY_IMAGE_MESSAGE_SIZE]) {
  memset(image, 0, sizeof *image);
  message[0] = 0;
  source from = {bytes, count, 0};
  png_structp decoder = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, leave, ignore);
  if (!decoder) return FERRY_IMAGE_NO_MEMORY;
  png_infop info = png_create_info_struct(decoder);
  // Kept across the jump, hence volatile.
  uint8_t *volatile pixels = NULL;
  png_bytep *volatile rows = NULL;
  if (!info) {
    png_destroy_read_struct(&decoder, NULL, NULL);
    return FERRY_IMAGE_NO_MEMORY;
  }
  if (setjmp(png_jmpbuf(decoder))) {
    free(pixels);
    free(rows);
    png_destroy_read_struct(&decoder, &info, NULL);
    return FERRY_IMAGE_BROKEN;
  }
  png_set_user_limits(decoder, 1 << 20, 1 << 20);
  png_set_chunk_malloc_max(decoder, 1 << 24);
  png_set_chunk_cache_max(decoder, 1 << 10);
  png_set_read_fn(decoder, &from, read_bytes);
  png_read_info(decoder, info);
  uint32_t width = png_get_image_width(decoder, info);
  uint32_t height = png_get_image_height(decoder, info);
  if ((uint64_t)width * height > most_pixels) {
    snprintf(message, FERRY_IMAGE_MESSAGE_SIZE, "%u x %u pixels", width, height);
    png_destroy_read_struct(&decoder, &info, NULL);
    return FERRY_IMAGE_TOO_LARGE;
  }
  png_set_expand(decoder);
  png_set_strip_16(decoder);
  png_set_strip_alpha(decoder);
  png_set_gray_to_rgb(decoder);
  png_set_interlace_handling(decoder);
  png_read_update_info(decoder, info);
  size_t row = png_get_rowbytes(decoder, info);
  if (row != (size_t)width * 3) png_error(decoder, "an unexpected row size");
  pixels = malloc(row * height);
  rows = malloc(sizeof(png_bytep) * height);
  if (!pixels || !rows) {
    free(pixels);
    free(rows);
    png_destroy_read_struct(&decoder, &info, NULL);
    return FERRY_IMAGE_NO_MEMORY;
  }
  for (uint32_t index = 0; index < height; index++) rows[index] = pixels + row * index;
  png_read_image(decoder, rows);
  png_read_end(decoder, NULL);
  free(rows);
  png_destroy_read_struct(&decoder, &info, NULL);
  image->pixels = pixels;
  image->width = width;
  image->height = height;
  return FERRY_IMAGE_DECODED;
}
