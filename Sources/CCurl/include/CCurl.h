// libcurl 7.85 or newer, one named function per meaning: Swift cannot call variadic functions.
#ifndef CCurl_H
#define CCurl_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a piece handed to the receiver is.
enum __attribute__((enum_extensibility(closed))) ccurl_part : int {
  ccurl_part_response_head,
  ccurl_part_response_body,
  ccurl_part_request_head,
  ccurl_part_handshake,
  ccurl_part_certificate_expiry,
  // A certificate as lines of a word and its value: the other side's own, and the one that was
  // refused, with OpenSSL's number of the error and how far up in the chain it stands.
  ccurl_part_certificate,
  ccurl_part_refused_certificate,
  // The other side asks for a certificate of ours; no bytes.
  ccurl_part_certificate_request,
  // The first bytes that came where TLS was expected, five at most.
  ccurl_part_first_bytes,
};

// Takes a piece; false ends the transfer. Only the response's pieces can end it.
typedef bool (*ccurl_receiver)(enum ccurl_part part, const uint8_t *bytes, size_t count,
                               void *user);

// How a transfer ended.
enum __attribute__((enum_extensibility(closed))) ccurl_outcome : int {
  ccurl_outcome_done,
  ccurl_outcome_cannot_resolve,
  ccurl_outcome_cannot_resolve_proxy,
  ccurl_outcome_cannot_connect,
  ccurl_outcome_timed_out,
  ccurl_outcome_tls,
  ccurl_outcome_unusable_authorities,
  ccurl_outcome_broken_off,
  ccurl_outcome_not_http,
  ccurl_outcome_stopped_by_receiver,
  ccurl_outcome_other,
};

// A descriptor to wait for, and what the wait found.
struct ccurl_watch {
  int descriptor;
  bool wants_read;
  bool wants_write;
  bool is_ready;
};

// Microseconds from the start of a transfer.
struct ccurl_times {
  int64_t name_lookup, connect, handshake, first_byte, total;
};

bool ccurl_start(void);
const char *ccurl_version_text(void);

void *ccurl_multi_make(long most_idle_connections);
void ccurl_multi_free(void *multi);
bool ccurl_multi_add(void *multi, void *easy);
void ccurl_multi_remove(void *multi, void *easy);
void ccurl_multi_perform(void *multi);
bool ccurl_multi_next_done(void *multi, void **easy, int *code);
bool ccurl_multi_wait(void *multi, struct ccurl_watch *watches, unsigned count, int milliseconds);

void *ccurl_easy_make(ccurl_receiver receiver, void *user);
void ccurl_easy_free(void *easy);
bool ccurl_set_url(void *easy, const char *url);
bool ccurl_set_request_target(void *easy, const char *target);
bool ccurl_set_method_get(void *easy);
bool ccurl_set_method_head(void *easy);
bool ccurl_set_method(void *easy, const char *name);
bool ccurl_set_body(void *easy, const uint8_t *bytes, size_t count);
bool ccurl_add_header_line(void *easy, const char *line);
bool ccurl_use_header_lines(void *easy);
bool ccurl_set_time_outs(void *easy, long total_milliseconds, long connect_milliseconds);
bool ccurl_bypass_proxies(void *easy);
bool ccurl_use_proxy(void *easy, const char *url);
bool ccurl_set_authorities(void *easy, const uint8_t *pem, size_t count);
// Trusts what this PEM has and nothing else, and only with the public key of this pin.
bool ccurl_trust_only(void *easy, const uint8_t *pem, size_t count, const char *pin);
// Speaks TLS 1.2 and nothing newer.
bool ccurl_limit_tls(void *easy);
// Shows this certificate, which its chain may follow, to a server that asks for one; both in PEM.
bool ccurl_set_certificate(void *easy, const uint8_t *pem, size_t count, const uint8_t *key,
                           size_t key_count);
// Where a host is, as host:port:address; no name is looked up.
bool ccurl_set_address(void *easy, const char *host_port_address);
const char *ccurl_default_authorities_file(void *easy);

enum ccurl_outcome ccurl_outcome_of(int code);
const char *ccurl_code_text(int code);
const char *ccurl_error_text(void *easy);
int ccurl_connect_errno(void *easy);
// The status with which a proxy answered CONNECT; 0 when there was none.
int ccurl_tunnel_status(void *easy);
struct ccurl_times ccurl_times_of(void *easy);
const char *ccurl_remote_address(void *easy);
int ccurl_remote_port(void *easy);
bool ccurl_made_connection(void *easy);
#endif
