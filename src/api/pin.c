#include "api/pin.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static int read_key(gnutls_x509_crt_t certificate, gnutls_pubkey_t key, Bytes pem,
                    gnutls_datum_t *out_key)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)pem.at, (unsigned)pem.size};
    int code = gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM);
    if (code == 0) code = gnutls_pubkey_import_x509(key, certificate, 0);
    if (code == 0) code = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, out_key);
    return code;
}

ErrCode pin_of(Bytes pem, Digest *out_pin, Err *err)
{
    gnutls_x509_crt_t certificate = NULL;
    gnutls_pubkey_t key = NULL;
    gnutls_datum_t bytes = {NULL, 0};
    int code = gnutls_x509_crt_init(&certificate);
    if (code == 0) code = gnutls_pubkey_init(&key);
    if (code == 0) code = read_key(certificate, key, pem, &bytes);
    if (code == 0) *out_pin = hash_of((Bytes){bytes.data, bytes.size});
    gnutls_free(bytes.data);
    if (key != NULL) gnutls_pubkey_deinit(key);
    if (certificate != NULL) gnutls_x509_crt_deinit(certificate);
    if (code == 0) return OK;
    return err_set(err, ERR_INVALID, "the certificate cannot be read: %s", gnutls_strerror(code));
}
