#pragma once
/*
 * device — a browser in which somebody has signed in before, known by a second, long-lived cookie.
 *
 * Guessing passwords from unknown devices is slowed down for each account; a known device counts
 * for itself. So nobody can lock a foreman out by guessing at his account. The cookie opens
 * nothing: it only says for which account it was given, and only this node can make it.
 *
 *   Owns     nothing.
 *   Threads  any.
 */
#include "api/session.h"

#define DEVICE_NUMBER_SIZE 16

typedef struct Device {
    uint8_t number[DEVICE_NUMBER_SIZE];
} Device;

Device device_make(const Host *host);

/* The key that the node's devices are signed with, from its pepper. */
Digest device_key(const Keyring *keyring);

const char *device_cookie(const Digest *key, const Device *device, Id account, bool is_tls,
                          char out[COOKIE_TEXT_MAX]);

/* Whether the cookies of a request name a device on which this account has signed in. */
bool device_read_cookie(const char *cookies, const Digest *key, Id account, bool is_tls,
                        Device *out_device);
