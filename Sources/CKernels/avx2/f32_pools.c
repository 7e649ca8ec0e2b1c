// Pools, resizing and layout changes on vectors of eight channels; softmax along a row.
#if defined(__x86_64__)
#include <float.h>
#include <math.h>

#include "avx2.h"

/// How many of the `count` window positions `start + i * dilation` lie below `limit`.
FERRY_INLINE size_t positions_below(size_t start, size_t dilation, size_t count, size_t limit) {
  if (start >= limit) return 0;
  const size_t fitting = (limit - start - 1) / dilation + 1;
  return fitting < count ? fitting : count;
}

FERRY_INLINE void pool(const ferry_f32_pool_args *a, int average) {
  const __m256 lower = _mm256_set1_ps(a->lower), upper = _mm256_set1_ps(a->upper);
  const size_t bottom = a->padding_top + a->input_height, right = a->padding_left + a->input_width;
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    float *output = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      const size_t top = y * a->stride_y;
      const size_t r_begin = positions_below(top, a->dilation_y, a->kernel_height, a->padding_top);
      const size_t r_end = positions_below(top, a->dilation_y, a->kernel_height, bottom);
      const size_t r_padded = positions_below(top, a->dilation_y, a->kernel_height, bottom + a->padding_bottom);
      for (size_t x = 0; x < a->output_width; ++x, output += 8) {
        const size_t left = x * a->stride_x;
        const size_t s_begin = positions_below(left, a->dilation_x, a->kernel_width, a->padding_left);
        const size_t s_end = positions_below(left, a->dilation_x, a->kernel_width, right);
        __m256 sum = average ? _mm256_setzero_ps() : _mm256_set1_ps(-FLT_MAX), nan = _mm256_setzero_ps();
        for (size_t r = r_begin; r < r_end; ++r) {
          const float *row = input + (top + r * a->dilation_y - a->padding_top) * a->input_width * 8;
          for (size_t s = s_begin; s < s_end; ++s) {
            const __m256 value = _mm256_loadu_ps(row + (left + s * a->dilation_x - a->padding_left) * 8);
            if (average) {
              sum = _mm256_add_ps(sum, value);
            } else {
              sum = _mm256_max_ps(sum, value);
              nan = _mm256_or_ps(nan, _mm256_cmp_ps(value, value, _CMP_UNORD_Q));
            }
          }
        }
        if (average) {
          size_t divisor = (r_end - r_begin) * (s_end - s_begin);
          if (a->count_padding) {
            divisor = r_padded * positions_below(left, a->dilation_x, a->kernel_width, right + a->padding_right);
          }
          sum = divisor ? _mm256_div_ps(sum, _mm256_set1_ps((float)divisor)) : _mm256_setzero_ps();
        } else {
          sum = _mm256_or_ps(sum, nan);
        }
        _mm256_storeu_ps(output, ferry_clamp8(sum, lower, upper));
      }
    }
  }
}

void ferry_f32_pool_average__avx2(const ferry_f32_pool_args *a) { pool(a, 1); }
void ferry_f32_pool_maximum__avx2(const ferry_f32_pool_args *a) { pool(a, 0); }

/// Each half of a vector in double precision, four accumulators apart from one another by two pixels.
void ferry_f32_global_pool_average__avx2(const ferry_f32_global_pool_args *a) {
  const __m256d divisor = _mm256_set1_pd((double)a->pixels);
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    __m256d low[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    __m256d high[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    size_t p = 0;
    for (; p + 2 <= a->pixels; p += 2) {
      FERRY_UNROLL for (int i = 0; i < 2; ++i) {
        low[i] = _mm256_add_pd(low[i], _mm256_cvtps_pd(_mm_loadu_ps(input + (p + i) * 8)));
        high[i] = _mm256_add_pd(high[i], _mm256_cvtps_pd(_mm_loadu_ps(input + (p + i) * 8 + 4)));
      }
    }
    if (p < a->pixels) {
      low[0] = _mm256_add_pd(low[0], _mm256_cvtps_pd(_mm_loadu_ps(input + p * 8)));
      high[0] = _mm256_add_pd(high[0], _mm256_cvtps_pd(_mm_loadu_ps(input + p * 8 + 4)));
    }
    const __m128 first = _mm256_cvtpd_ps(_mm256_div_pd(_mm256_add_pd(low[0], low[1]), divisor));
    const __m128 second = _mm256_cvtpd_ps(_mm256_div_pd(_mm256_add_pd(high[0], high[1]), divisor));
    const __m256 mean = _mm256_set_m128(second, first);
    _mm256_storeu_ps(a->output + block * 8,
                     ferry_clamp8(mean, _mm256_set1_ps(a->lower), _mm256_set1_ps(a->upper)));
  }
}

void ferry_f32_global_pool_maximum__avx2(const ferry_f32_global_pool_args *a) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    __m256 best = _mm256_loadu_ps(input), nan = _mm256_cmp_ps(best, best, _CMP_UNORD_Q);
    for (size_t p = 1; p < a->pixels; ++p) {
      const __m256 value = _mm256_loadu_ps(input + p * 8);
      best = _mm256_max_ps(best, value);
      nan = _mm256_or_ps(nan, _mm256_cmp_ps(value, value, _CMP_UNORD_Q));
    }
    best = _mm256_or_ps(best, nan);
    _mm256_storeu_ps(a->output + block * 8,
                     ferry_clamp8(best, _mm256_set1_ps(a->lower), _mm256_set1_ps(a->upper)));
  }
}

FERRY_INLINE float horizontal_maximum(__m256 x) {
  float lanes[8];
  _mm256_storeu_ps(lanes, x);
  float best = lanes[0];
  for (int i = 1; i < 8; ++i) best = lanes[i] > best ? lanes[i] : best;
  return best;
}

void ferry_f32_softmax_1x8__avx2(const ferry_f32_softmax_args *a) {
  const __m256 beta = _mm256_set1_ps(a->beta), lowest = _mm256_set1_ps(-INFINITY);
  const size_t whole = a->columns / 8 * 8, rest = a->columns - whole;
  const __m256i mask = ferry_tail_mask(rest);
  for (size_t row = 0; row < a->rows; ++row) {
    const float *input = a->input + row * a->columns;
    float *output = a->output + row * a->columns;
    __m256 best = lowest;
    // The running maximum stands second: a NaN input is passed over here and comes back through the exponential.
    for (size_t i = 0; i < whole; i += 8) best = _mm256_max_ps(_mm256_loadu_ps(input + i), best);
    if (rest) {
      const __m256 last = _mm256_maskload_ps(input + whole, mask);
      best = _mm256_max_ps(_mm256_blendv_ps(lowest, last, _mm256_castsi256_ps(mask)), best);
    }
    const __m256 maximum = _mm256_set1_ps(horizontal_maximum(best));
    __m256d sums[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    for (size_t i = 0; i < a->columns; i += 8) {
      __m256 x = i < whole ? _mm256_loadu_ps(input + i) : _mm256_maskload_ps(input + i, mask);
      x = ferry_exp8(_mm256_mul_ps(beta, _mm256_sub_ps(x, maximum)));
      if (i < whole) {
        _mm256_storeu_ps(output + i, x);
      } else {
        x = _mm256_and_ps(x, _mm256_castsi256_ps(mask));
        _mm256_maskstore_ps(output + i, mask, x);
      }
      sums[0] = _mm256_add_pd(sums[0], _mm256_cvtps_pd(_mm256_castps256_ps128(x)));
      sums[1] = _mm256_add_pd(sums[1], _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)));
    }
    double lanes[4];
    _mm256_storeu_pd(lanes, _mm256_add_pd(sums[0], sums[1]));
    const double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
    const __m256 total = _mm256_set1_ps((float)sum);
    size_t i = 0;
    for (; i < whole; i += 8) _mm256_storeu_ps(output + i, _mm256_div_ps(_mm256_loadu_ps(output + i), total));
    for (; i < a->columns; ++i) output[i] /= (float)sum;
  }
}

void ferry_f32_resize_nearest__avx2(const ferry_f32_resize_args *a) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    float *output = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      const float *row = input + a->rows[y].first * a->input_width * 8;
      for (size_t x = 0; x < a->output_width; ++x, output += 8) {
        _mm256_storeu_ps(output, _mm256_loadu_ps(row + a->columns[x].first * 8));
      }
    }
  }
}

enum { columns_at_once = 32 };

/// Some output columns of one input row.
FERRY_INLINE void sample_row(const float *row, const ferry_resize_tap *columns, size_t count, __m256 *samples) {
  for (size_t x = 0; x < count; ++x) {
    const __m256 p = _mm256_loadu_ps(row + columns[x].first * 8), q = _mm256_loadu_ps(row + columns[x].second * 8);
    samples[x] = _mm256_fmadd_ps(_mm256_set1_ps(columns[x].fraction), _mm256_sub_ps(q, p), p);
  }
}

/// Output rows that lie between the same two input rows take their samples from the same place.
void ferry_f32_resize_bilinear__avx2(const ferry_f32_resize_args *a) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    for (size_t first = 0; first < a->output_width; first += columns_at_once) {
      const size_t left = a->output_width - first, count = left < columns_at_once ? left : columns_at_once;
      __m256 samples[2][columns_at_once];
      size_t held[2] = {SIZE_MAX, SIZE_MAX};  // the input rows that `samples` are of
      float *output = a->output + block * a->output_block_stride + first * 8;
      for (size_t y = 0; y < a->output_height; ++y, output += a->output_width * 8) {
        const ferry_resize_tap v = a->rows[y];
        const size_t above = v.first == held[1] ? 1 : 0;
        const size_t below = v.second == v.first ? above : 1 - above;
        if (held[above] != v.first) {
          sample_row(input + v.first * a->input_width * 8, a->columns + first, count, samples[above]);
          held[above] = v.first;
        }
        if (held[below] != v.second) {
          sample_row(input + v.second * a->input_width * 8, a->columns + first, count, samples[below]);
          held[below] = v.second;
        }
        const __m256 down = _mm256_set1_ps(v.fraction);
        for (size_t x = 0; x < count; ++x) {
          const __m256 top = samples[above][x], bottom = samples[below][x];
          _mm256_storeu_ps(output + x * 8, _mm256_fmadd_ps(down, _mm256_sub_ps(bottom, top), top));
        }
      }
    }
  }
}

/// Eight vectors of eight pixels become eight vectors of eight channels, and back.
FERRY_INLINE void transpose8(__m256 v[8]) {
  __m256 t[8];
  FERRY_UNROLL for (int i = 0; i < 4; ++i) {
    t[2 * i] = _mm256_unpacklo_ps(v[2 * i], v[2 * i + 1]);
    t[2 * i + 1] = _mm256_unpackhi_ps(v[2 * i], v[2 * i + 1]);
  }
  FERRY_UNROLL for (int i = 0; i < 2; ++i) {
    v[4 * i] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0x44);
    v[4 * i + 1] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0xee);
    v[4 * i + 2] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0x44);
    v[4 * i + 3] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0xee);
  }
  FERRY_UNROLL for (int i = 0; i < 4; ++i) {
    t[i] = _mm256_permute2f128_ps(v[i], v[i + 4], 0x20);
    t[i + 4] = _mm256_permute2f128_ps(v[i], v[i + 4], 0x31);
  }
  FERRY_UNROLL for (int i = 0; i < 8; ++i) v[i] = t[i];
}

/// One block of `lanes` channels, an element at a time, from pixel `p` on.
FERRY_INLINE void pack_pixels(const ferry_f32_blocks_args *a, const float *source, float *target, size_t lanes,
                              size_t p) {
  for (; p < a->pixels; ++p) {
    for (size_t lane = 0; lane < 8; ++lane) {
      target[p * 8 + lane] = lane < lanes ? source[p * a->pixel_stride + lane * a->channel_stride] : 0;
    }
  }
}

void ferry_f32_blocks_pack__avx2(const ferry_f32_blocks_args *a) {
  for (size_t c = 0; c < a->channels; c += 8) {
    const float *source = a->input + c * a->channel_stride;
    float *target = a->output + c / 8 * a->block_stride;
    const size_t lanes = a->channels - c < 8 ? a->channels - c : 8;
    size_t p = 0;
    if (a->channel_stride == 1 && lanes == 8) {
      for (; p < a->pixels; ++p) _mm256_storeu_ps(target + p * 8, _mm256_loadu_ps(source + p * a->pixel_stride));
    } else if (a->channel_stride == 1) {
      const __m256i mask = ferry_tail_mask(lanes);
      for (; p < a->pixels; ++p) {
        _mm256_storeu_ps(target + p * 8, _mm256_maskload_ps(source + p * a->pixel_stride, mask));
      }
    } else if (a->pixel_stride == 1) {
      for (; p + 8 <= a->pixels; p += 8) {
        __m256 v[8];
        FERRY_UNROLL for (size_t i = 0; i < 8; ++i) {
          v[i] = i < lanes ? _mm256_loadu_ps(source + i * a->channel_stride + p) : _mm256_setzero_ps();
        }
        transpose8(v);
        FERRY_UNROLL for (int i = 0; i < 8; ++i) _mm256_storeu_ps(target + (p + i) * 8, v[i]);
      }
    }
    pack_pixels(a, source, target, lanes, p);
  }
}

/// Pixels of eight channels or more, one behind the other: what the last block of one writes past its channels, the next
/// pixel overwrites, so that all is written once and in order.
static void unpack_dense(const ferry_f32_blocks_args *a) {
  float *target = a->output;
  for (size_t p = 0; p + 1 < a->pixels; ++p, target += a->channels) {
    const float *source = a->input + p * 8;
    for (size_t c = 0; c < a->channels; c += 8, source += a->block_stride) {
      _mm256_storeu_ps(target + c, _mm256_loadu_ps(source));
    }
  }
  const float *last = a->input + (a->pixels - 1) * 8;
  for (size_t c = 0; c < a->channels; ++c) target[c] = last[c / 8 * a->block_stride + c % 8];
}

void ferry_f32_blocks_unpack__avx2(const ferry_f32_blocks_args *a) {
  if (a->channel_stride == 1 && a->pixel_stride == a->channels && a->channels >= 8 && a->pixels > 0) {
    unpack_dense(a);
    return;
  }
  for (size_t c = 0; c < a->channels; c += 8) {
    const float *source = a->input + c / 8 * a->block_stride;
    float *target = a->output + c * a->channel_stride;
    const size_t lanes = a->channels - c < 8 ? a->channels - c : 8;
    size_t p = 0;
    if (a->channel_stride == 1 && lanes == 8) {
      for (; p < a->pixels; ++p) _mm256_storeu_ps(target + p * a->pixel_stride, _mm256_loadu_ps(source + p * 8));
    } else if (a->channel_stride == 1) {
      const __m256i mask = ferry_tail_mask(lanes);
      for (; p < a->pixels; ++p) {
        _mm256_maskstore_ps(target + p * a->pixel_stride, mask, _mm256_loadu_ps(source + p * 8));
      }
    } else if (a->pixel_stride == 1) {
      for (; p + 8 <= a->pixels; p += 8) {
        __m256 v[8];
        FERRY_UNROLL for (int i = 0; i < 8; ++i) v[i] = _mm256_loadu_ps(source + (p + i) * 8);
        transpose8(v);
        for (size_t i = 0; i < lanes; ++i) {
          float *row = target + i * a->channel_stride + p;
          FERRY_UNROLL for (size_t j = 0; j < 8; ++j) {
            if (j == i) _mm256_storeu_ps(row, v[j]);
          }
        }
      }
    }
    for (; p < a->pixels; ++p) {
      for (size_t lane = 0; lane < lanes; ++lane) {
        target[p * a->pixel_stride + lane * a->channel_stride] = source[p * 8 + lane];
      }
    }
  }
}

#pragma clang attribute pop
#endif
