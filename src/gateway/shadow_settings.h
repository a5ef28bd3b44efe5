/* Where writes are mirrored to. */
#ifndef SEGUE_GATEWAY_SHADOW_SETTINGS_H
#define SEGUE_GATEWAY_SHADOW_SETTINGS_H

#include <stdbool.h>

struct shadow_settings {
    const char *url;    /* of the target; NULL: writes are not mirrored */
    const char *folder; /* of the queue */
    unsigned megabytes; /* that its files may have */
    bool durable;       /* the queue outlasts a failure of the machine, but for its last instants */
};

#endif
