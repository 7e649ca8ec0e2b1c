#ifndef FERRY_IMAGE_CODECS_H
#define FERRY_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

/// A decoded image: rows from the top, `width * 3` bytes each, red first.
typedef struct {
  uint8_t *pixels;
  uint32_t width;
  uint32_t height;
} ferry_image;

typedef enum {
  FERRY_IMAGE_DECODED = 0,
  FERRY_IMAGE_BROKEN,
  FERRY_IMAGE_TOO_LARGE,
  FERRY_IMAGE_UNSUPPORTED,
  FERRY_IMAGE_NO_MEMORY,
} ferry_image_status;

enum { FERRY_IMAGE_MESSAGE_SIZE = 256 };

/// Decodes a JPEG or PNG file of at most `most_pixels` pixels into RGB; what the libraries say goes to `message`.
/// Alpha is dropped, grey becomes three equal channels, 16-bit samples keep their upper byte.
ferry_image_status ferry_decode_jpeg(
    const uint8_t *bytes, size_t count, uint64_t most_pixels, ferry_image *image, char message[FERRY_IMAGE_MESSAGE_SIZE]);
ferry_image_status ferry_decode_png(
    const uint8_t *bytes, size_t count, uint64_t most_pixels, ferry_image *image, char message[FERRY_IMAGE_MESSAGE_SIZE]);

/// Frees the pixels of a decoded image.
void ferry_image_free(ferry_image *image);

#endif
