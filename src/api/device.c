#include "api/device.h"

#include <stdio.h>
#include <string.h>

#include "api/header.h"
#include "api/keyed.h"

#define COOKIE_NAME     "device"
#define COOKIE_NAME_TLS "__Host-device"
#define PROOF_SIZE      16
#define TOKEN_SIZE      (DEVICE_NUMBER_SIZE + PROOF_SIZE)
#define YEAR_SECONDS    31536000

Device device_make(const Host *host)
{
    Device device = {0};
    host_random(host, device.number, sizeof device.number);
    return device;
}

Digest device_key(const Keyring *keyring)
{
    return keyed_digest((Bytes){keyring->pepper, sizeof keyring->pepper},
                        bytes_of(TEXT("device cookies")));
}

/* Number and proof, one behind the other. */
static void make_token(const Digest *key, const Device *device, Id account, uint8_t out[TOKEN_SIZE])
{
    uint8_t message[DEVICE_NUMBER_SIZE + sizeof account.at];
    memcpy(message, device->number, DEVICE_NUMBER_SIZE);
    memcpy(message + DEVICE_NUMBER_SIZE, account.at, sizeof account.at);
    const Digest proof = keyed_digest(digest_bytes(key), (Bytes){message, sizeof message});
    memcpy(out, device->number, DEVICE_NUMBER_SIZE);
    memcpy(out + DEVICE_NUMBER_SIZE, proof.at, PROOF_SIZE);
}

const char *device_cookie(const Digest *key, const Device *device, Id account, bool is_tls,
                          char out[COOKIE_TEXT_MAX])
{
    uint8_t token[TOKEN_SIZE];
    char text[BASE64_SIZE(TOKEN_SIZE) + 1];
    make_token(key, device, account, token);
    base64_write((Bytes){token, sizeof token}, text);
    snprintf(out, COOKIE_TEXT_MAX, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
             is_tls ? COOKIE_NAME_TLS : COOKIE_NAME, text, YEAR_SECONDS, is_tls ? "; Secure" : "");
    return out;
}

bool device_read_cookie(const char *cookies, const Digest *key, Id account, bool is_tls,
                        Device *out_device)
{
    uint8_t given[TOKEN_SIZE];
    uint8_t wanted[TOKEN_SIZE];
    const Text text = header_cookie(cookies, is_tls ? COOKIE_NAME_TLS : COOKIE_NAME);
    if (!base64_read(text, given, sizeof given)) return false;
    Device device;
    memcpy(device.number, given, sizeof device.number);
    make_token(key, &device, account, wanted);
    if (!keyed_equal((Bytes){given, sizeof given}, (Bytes){wanted, sizeof wanted})) return false;
    *out_device = device;
    return true;
}
