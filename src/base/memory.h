/* Memory for the few objects that live outside an arena (handles that are closed one by one). */
#ifndef SEGUE_BASE_MEMORY_H
#define SEGUE_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory, to be given to free(). Never fails: see arena.h. */
void *memory_alloc(size_t size);
/* Makes it larger; what is added is not zeroed. Never fails either. */
void *memory_resize(void *memory, size_t size);

#endif
