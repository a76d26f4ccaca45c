// SPDX-License-Identifier: Apache-2.0
//
// libcurl's options are set by functions with any number of arguments, which Swift cannot call:
// one function here for each kind of value.
#ifndef KUZET_CCURL_SHIM_H
#define KUZET_CCURL_SHIM_H

#include <curl/curl.h>
#include <stdint.h>

typedef size_t (*kuzet_curl_sink)(char *octets, size_t size, size_t count, void *context);

static inline CURLcode kuzet_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kuzet_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kuzet_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kuzet_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kuzet_curl_set_sink(CURL *handle, CURLoption option, kuzet_curl_sink sink) {
    return curl_easy_setopt(handle, option, sink);
}

static inline CURLcode kuzet_curl_get_long(CURL *handle, CURLINFO what, long *value) {
    return curl_easy_getinfo(handle, what, value);
}

static inline CURLcode kuzet_curl_get_text(CURL *handle, CURLINFO what, const char **value) {
    return curl_easy_getinfo(handle, what, (char **)value);
}

static inline CURLcode kuzet_curl_get_count(CURL *handle, CURLINFO what, curl_off_t *value) {
    return curl_easy_getinfo(handle, what, value);
}

static inline CURLcode kuzet_curl_get_socket(CURL *handle, curl_socket_t *value) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}

static inline CURLcode kuzet_curl_get_certificates(CURL *handle, struct curl_certinfo **value) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}

// A connection that somebody else made: the address was checked, and is not sought again.
static curl_socket_t kuzet_curl_adopted(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    (void)address;
    return (curl_socket_t)(intptr_t)context;
}

static int kuzet_curl_already(void *context, curl_socket_t descriptor, curlsocktype purpose) {
    (void)context;
    (void)descriptor;
    (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static inline void kuzet_curl_adopt(CURL *handle, int descriptor) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, kuzet_curl_adopted);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, (void *)(intptr_t)descriptor);
    curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, kuzet_curl_already);
}

#endif
