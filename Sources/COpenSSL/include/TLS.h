/* The server side of TLS over libssl: who the server is, and one connection's state.
 *
 * Nothing here knows sockets: bytes of the network go in and come out. libssl is loaded with the
 * first identity. */
#ifndef COpenSSL_TLS_H
#define COpenSSL_TLS_H

#include <stddef.h>
#include <stdint.h>

/* A certificate with its key and chain, and the rules of its connections: TLS 1.2 and 1.3, no
 * renegotiation, no resumption. Only read after it was made. */
struct tls_identity;

enum tls_identity_fault {
  tls_identity_fine,
  /* libssl or libcrypto cannot be loaded. */
  tls_identity_no_library,
  tls_identity_no_certificate,
  tls_identity_no_key,
  /* The key belongs to another certificate. */
  tls_identity_other_key,
  /* libssl refuses them, as a key that is too short; crypto_take_reason tells why. */
  tls_identity_refused
};

/* Reads the first certificate, those after it as its chain, and the first private key. The texts
 * may hold other PEM parts as well. NULL with the reason in fault. */
struct tls_identity *tls_identity_read(const uint8_t *certificates, size_t certificates_count,
                                       const uint8_t *key, size_t key_count,
                                       enum tls_identity_fault *fault);
/* Makes a certificate that signs itself, with a new key of P-256. The names are written as
 * "DNS:localhost,IP:127.0.0.1". It holds from an hour ago on for this many days. */
struct tls_identity *tls_identity_make(const char *common_name, const char *names, long days,
                                       enum tls_identity_fault *fault);
/* Asks every client for a certificate, and takes any, or none; before the first session. */
void tls_identity_ask(struct tls_identity *identity);
/* Erases the key with the last session. */
void tls_identity_free(struct tls_identity *identity);

/* The certificate in DER; returns its length, and writes it if there is room for it. */
size_t tls_identity_der(const struct tls_identity *identity, uint8_t *output, size_t capacity);
/* The SHA-256 of the certificate in DER, and of its public key as SubjectPublicKeyInfo. */
int tls_identity_fingerprint(const struct tls_identity *identity, uint8_t output[32]);
int tls_identity_key_digest(const struct tls_identity *identity, uint8_t output[32]);
/* When it begins or ends to hold, in seconds since 1970. */
int64_t tls_identity_begins(const struct tls_identity *identity);
int64_t tls_identity_ends(const struct tls_identity *identity);
/* Whether subjectAltName has this host name or numeric address. */
int tls_identity_names(const struct tls_identity *identity, const char *host);

/* One connection. */
struct tls_session;

enum { tls_wants_more = 0, tls_ended = -1, tls_failed = -2 };

struct tls_session *tls_session_make(struct tls_identity *identity);
void tls_session_free(struct tls_session *session);
/* Takes bytes that came from the network. */
int tls_session_feed(struct tls_session *session, const uint8_t *bytes, size_t count);
/* Gives bytes that are to go to the network; 0 when there are none. */
size_t tls_session_take(struct tls_session *session, uint8_t *output, size_t capacity);
/* Goes on with the handshake: 1 when it is done, tls_wants_more or tls_failed. */
int tls_session_shake(struct tls_session *session);
/* The number of bytes read; tls_wants_more, tls_ended or tls_failed. */
long tls_session_read(struct tls_session *session, uint8_t *output, size_t capacity);
/* The number of bytes taken, all of them, or tls_failed. */
long tls_session_write(struct tls_session *session, const uint8_t *bytes, size_t count);
/* Says that nothing more will come. */
void tls_session_finish(struct tls_session *session);
/* Whether bytes have come that were not read yet. */
int tls_session_holds_input(const struct tls_session *session);
/* The version in use, such as "TLSv1.3". */
const char *tls_session_version(const struct tls_session *session);
/* The cipher suite in use, such as "TLS_AES_256_GCM_SHA384". */
const char *tls_session_cipher(const struct tls_session *session);
/* The certificates that the client has shown, in DER, its own as number 0: the length, and it is
 * written if there is room for it; 0 when there is none. */
size_t tls_session_peer(const struct tls_session *session, int index, uint8_t *output,
                        size_t capacity);
/* The alert of the other side that ended the session; 0 when it was none. */
int tls_session_alert(const struct tls_session *session);
/* Whether the other side offers no version that is spoken here. */
int tls_session_is_too_old(const struct tls_session *session);

#endif
