#include "ferry_image_codecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/// libjpeg leaves through a function that must not return: it jumps back to where decoding began.
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf start;
  char *message;
} failure;

static void leave(j_common_ptr context) {
  failure *fault = (failure *)context->err;
  char text[JMSG_LENGTH_MAX];
  context->err->format_message(context, text);
  snprintf(fault->message, FERRY_IMAGE_MESSAGE_SIZE, "%s", text);
  longjmp(fault->start, 1);
}

/// A warning is a broken file: libjpeg would go on and make pixels up.
static void warn(j_common_ptr context, int level) {
  if (level < 0) leave(context);
}

ferry_image_status ferry_decode_jpeg(
    const uint8_t *bytes, size_t count, uint64_t most_pixels, ferry_image *image, char message[FERRY_IMAGE_MESSAGE_SIZE]) {
  struct jpeg_decompress_struct decoder;
  failure fault;
  // Kept across the jump, hence volatile.
  uint8_t *volatile pixels = NULL;
  memset(image, 0, sizeof *image);
  message[0] = 0;
  decoder.err = jpeg_std_error(&fault.base);
  fault.base.error_exit = leave;
  fault.base.emit_message = warn;
  fault.message = message;
  if (setjmp(fault.start)) {
    free(pixels);
    jpeg_destroy_decompress(&decoder);
    return FERRY_IMAGE_BROKEN;
  }
  jpeg_create_decompress(&decoder);
  // A progressive file keeps all coefficients: bound what the library may take for them.
  decoder.mem->max_memory_to_use = 1L << 30;
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  if ((uint64_t)decoder.image_width * decoder.image_height > most_pixels) {
    snprintf(message, FERRY_IMAGE_MESSAGE_SIZE, "%u x %u pixels", decoder.image_width, decoder.image_height);
    jpeg_destroy_decompress(&decoder);
    return FERRY_IMAGE_TOO_LARGE;
  }
  if (decoder.num_components == 4) {
    snprintf(message, FERRY_IMAGE_MESSAGE_SIZE, "four colour components (CMYK)");
    jpeg_destroy_decompress(&decoder);
    return FERRY_IMAGE_UNSUPPORTED;
  }
  decoder.out_color_space = JCS_RGB;
  decoder.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&decoder);
  size_t row = (size_t)decoder.output_width * 3;
  pixels = malloc(row * decoder.output_height);
  if (!pixels) {
    jpeg_destroy_decompress(&decoder);
    return FERRY_IMAGE_NO_MEMORY;
  }
  // A file of many scans with little data can keep the decoder busy for ever.
  while (decoder.output_scanline < decoder.output_height) {
    if (decoder.input_scan_number > 500) {
      snprintf(message, FERRY_IMAGE_MESSAGE_SIZE, "more than 500 scans");
      free(pixels);
      jpeg_destroy_decompress(&decoder);
      return FERRY_IMAGE_BROKEN;
    }
    JSAMPROW line = pixels + row * decoder.output_scanline;
    jpeg_read_scanlines(&decoder, &line, 1);
  }
  uint32_t width = decoder.output_width;
  uint32_t height = decoder.output_height;
  // May still find the file broken and free the pixels: the caller gets them only behind it.
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  image->pixels = pixels;
  image->width = width;
  image->height = height;
  return FERRY_IMAGE_DECODED;
}

void ferry_image_free(ferry_image *image) {
  free(image->pixels);
  image->pixels = NULL;
}
