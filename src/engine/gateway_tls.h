/*
 * How a gateway encrypts its connections to the server: what the control session's library was told (sslmode, sslrootcert, …), and what it
 * made of it. Files are named, never read here; "" is none.
 */
#ifndef SEGUE_ENGINE_GATEWAY_TLS_H
#define SEGUE_ENGINE_GATEWAY_TLS_H

#include <stdbool.h>

enum { GATEWAY_TLS_PATH = 1024 };

struct gateway_tls {
    bool used;                      /* the control session is encrypted: then so is every connection */
    bool direct;                    /* TLS from the first byte, without a request for it */
    bool names_host;                /* the server is told by what name it was looked for (SNI) */
    bool verify_chain;              /* its certificate must come from a root of ours */
    bool verify_name;               /* and be for `host` */
    char host[256];                 /* as the user named it: a name, or an address */
    char root[GATEWAY_TLS_PATH];    /* certificates that are trusted; "system": those of the system */
    char revoked[GATEWAY_TLS_PATH]; /* a list of certificates that no longer hold */
    char revoked_folder[GATEWAY_TLS_PATH];
    char certificate[GATEWAY_TLS_PATH]; /* our own, shown to the server */
    char key[GATEWAY_TLS_PATH];
    char password[256]; /* of the key */
    char oldest[16];    /* version of TLS: "TLSv1.2" */
    char newest[16];
};

#endif
