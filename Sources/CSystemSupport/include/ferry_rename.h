/* Moving a finished file to its name without replacing another one. */
#ifndef FERRY_RENAME_H
#define FERRY_RENAME_H

/* Renames `from` to `to` in one step; fails with EEXIST where `to` exists. Returns 0, or an errno. */
int ferry_rename_exclusively(const char *from, const char *to);

#endif
