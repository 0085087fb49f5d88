// The yardstick for a run: the same requests by libcurl alone, one after the other.
// Standard input has a line for each: method, URL, how many bytes of body.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t drop(char *data, size_t size, size_t count, void *user) {
  (void)data;
  (void)user;
  return size * count;
}

int main(void) {
  char method[16], url[2048];
  unsigned long body;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *easy = curl_easy_init();
  while (scanf("%15s %2047s %lu", method, url, &body) == 3) {
    char *bytes = calloc(body + 1, 1);
    memset(bytes, 'x', body);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (strcmp(method, "POST") == 0) {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body);
      curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
    }
    if (curl_easy_perform(easy) != CURLE_OK) return 1;
    free(bytes);
  }
  curl_easy_cleanup(easy);
  return 0;
}
