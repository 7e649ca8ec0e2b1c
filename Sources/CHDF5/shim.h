#ifndef FERRY_CHDF5_SHIM_H
#define FERRY_CHDF5_SHIM_H

// Debian keeps the serial library's headers in a folder of its own.
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>
#endif
#include <string.h>

// HDF5 says much with macros, many of which call H5open() first; Swift imports none of those. Each stands here as a
// function, and so do the calls whose signatures change with the library's version.

static inline hid_t ferry_h5_default_properties(void) { return H5P_DEFAULT; }
static inline hid_t ferry_h5_whole_space(void) { return H5S_ALL; }
static inline int ferry_h5_is_undefined_address(haddr_t address) { return address == HADDR_UNDEF; }

/// Keeps the library from printing, and from loading filters from shared objects.
static inline int ferry_h5_prepare(void) {
  if (H5open() < 0) return -1;
  if (H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) return -1;
  return H5PLset_loading_state(0);
}

static inline hid_t ferry_h5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t ferry_h5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t ferry_h5_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ferry_h5_double(void) { return H5T_NATIVE_DOUBLE; }

/// Bounds what the library keeps of the structures that it has read: a walk comes to each of them once.
static inline herr_t ferry_h5_keep_little(hid_t access) {
  H5AC_cache_config_t cache;
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  if (H5Pget_mdc_config(access, &cache) < 0) return -1;
  cache.set_initial_size = 1;
  cache.initial_size = cache.min_size = cache.max_size = 1 << 15;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  return H5Pset_mdc_config(access, &cache);
}

/// A file's bytes in memory, for as long as the process runs.
struct ferry_h5_image {
  void *bytes;
  size_t count;
};

// The library asks for a copy of the image for each list of properties and for the file; every one is the image itself.
static inline void *ferry_h5_image_same(size_t count, H5FD_file_image_op_t operation, void *data) {
  const struct ferry_h5_image *image = (const struct ferry_h5_image *)data;
  (void)operation;
  return count == image->count ? image->bytes : NULL;
}
static inline void *ferry_h5_image_leave(
    void *target, const void *source, size_t count, H5FD_file_image_op_t operation, void *data) {
  (void)count, (void)operation, (void)data;
  return target == source ? target : NULL;
}
static inline void *ferry_h5_image_resize(void *bytes, size_t count, H5FD_file_image_op_t operation, void *data) {
  (void)bytes, (void)count, (void)operation, (void)data;
  return NULL;
}
static inline herr_t ferry_h5_image_keep(void *bytes, H5FD_file_image_op_t operation, void *data) {
  (void)bytes, (void)operation, (void)data;
  return 0;
}
static inline void *ferry_h5_image_share(void *data) { return data; }
static inline herr_t ferry_h5_image_forget(void *data) {
  (void)data;
  return 0;
}

/// Opens a file whose bytes stand in memory, and does not copy them; `image` and its bytes stay until the process ends.
static inline hid_t ferry_h5_open_image(struct ferry_h5_image *image) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return access;
  hid_t file = -1;
  H5FD_file_image_callbacks_t callbacks = {
      ferry_h5_image_same,   ferry_h5_image_leave, ferry_h5_image_resize, ferry_h5_image_keep,
      ferry_h5_image_share, ferry_h5_image_forget, image,
  };
  // Without backing store the driver touches no file, whatever the name.
  if (H5Pset_fapl_core(access, 1 << 16, 0) >= 0 && ferry_h5_keep_little(access) >= 0 &&
      H5Pset_file_image_callbacks(access, &callbacks) >= 0 && H5Pset_file_image(access, image->bytes, image->count) >= 0)
    file = H5Fopen("image", H5F_ACC_RDONLY, access);
  // Closing forgets the last error, which the caller asks for.
  if (file >= 0) H5Pclose(access);
  return file;
}

/// A new type: IEEE 754 binary16, little-endian; the caller closes it.
static inline hid_t ferry_h5_new_float16(void) {
  hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  if (type < 0) return type;
  if (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

/// A new type of variable-length text in the character set of `like`; the caller closes it.
static inline hid_t ferry_h5_new_text(hid_t like) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5Tget_cset(like)) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

/// What the library tells of an object without a call for each of its parts.
struct ferry_h5_object {
  /// Where it lies in its file.
  uint64_t address;
  int is_group, is_dataset;
  /// Whether its header says anything about attributes, about files that its elements lie in, and about filters.
  int has_attributes, has_external_files, has_filters;
};

static inline int ferry_h5_look_at(hid_t id, struct ferry_h5_object *object) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  H5O_native_info_t native;
  if (H5Oget_info3(id, &info, H5O_INFO_BASIC) < 0) return -1;
  if (H5Oget_native_info(id, &native, H5O_NATIVE_INFO_HDR) < 0) return -1;
  memcpy(&object->address, &info.token, sizeof(object->address));
  uint64_t messages = native.hdr.mesg.present;
#else
  H5O_info_t info;
  if (H5Oget_info2(id, &info, H5O_INFO_BASIC | H5O_INFO_HDR) < 0) return -1;
  object->address = info.addr;
  uint64_t messages = info.hdr.mesg.present;
#endif
  object->is_group = info.type == H5O_TYPE_GROUP;
  object->is_dataset = info.type == H5O_TYPE_DATASET;
  // The numbers of the messages are those of the file format's specification, IV.A.2.
  object->has_external_files = (messages >> 0x07 & 1) != 0;
  object->has_filters = (messages >> 0x0B & 1) != 0;
  object->has_attributes = ((messages >> 0x0C | messages >> 0x15) & 1) != 0;
  return 0;
}

/// What is called for each link of a group; `kind`: 0 hard, 1 soft, 2 external, 3 user-defined. Not 0 ends the walk.
typedef int (*ferry_h5_link_visitor)(const char *name, int kind, void *context);

struct ferry_h5_link_walk {
  ferry_h5_link_visitor visitor;
  void *context;
};

static inline herr_t ferry_h5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  const struct ferry_h5_link_walk *walk = (const struct ferry_h5_link_walk *)data;
  (void)group;
  int kind = info->type == H5L_TYPE_HARD ? 0 : info->type == H5L_TYPE_SOFT ? 1 : info->type == H5L_TYPE_EXTERNAL ? 2 : 3;
  return walk->visitor(name, kind, walk->context);
}

/// Visits the links of a group in the order of their names.
static inline int ferry_h5_visit_links(hid_t group, ferry_h5_link_visitor visitor, void *context) {
  struct ferry_h5_link_walk walk = {visitor, context};
  hsize_t position = 0;
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, ferry_h5_visit_link, &walk);
}

static inline herr_t ferry_h5_note_error(unsigned depth, const H5E_error2_t *error, void *data) {
  (void)depth;
  if (error->desc != NULL) strncpy((char *)data, error->desc, 255);
  return 0;
}

/// The innermost description of the library's last error; `text` holds 256 bytes.
static inline void ferry_h5_last_error(char *text) {
  memset(text, 0, 256);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, ferry_h5_note_error, text);
}

#endif
