#pragma once
/*
 * address — where a server listens and where a request comes from: an IP address and a port.
 *
 * "127.0.0.1:8600" and "[::1]:0" are addresses; names are not looked up. Port 0 lets the machine
 * choose one.
 *
 *   Owns     nothing: an Address is a value. Inside it is the struct that the machine's own calls
 *            want, as bytes.
 *   Threads  any.
 *   Errors   ERR_INVALID  not an address with a port
 */
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define ADDRESS_SIZE     128
#define ADDRESS_TEXT_MAX 64

typedef struct Address {
    alignas(8) uint8_t at[ADDRESS_SIZE];
} Address;

MUST_USE ErrCode address_parse(Text text, Address *out_address, Err *err);

/* A copy of what the machine gave; `sockaddr` points to a struct sockaddr. */
Address address_from(const void *sockaddr);

/* As address_parse() reads it; returns `out`. */
const char *address_write(const Address *address, char out[ADDRESS_TEXT_MAX]);

bool address_is_v6(const Address *address);
bool address_is_loopback(const Address *address); /* this machine talking to itself */
uint16_t address_port(const Address *address);
void address_set_port(Address *address, uint16_t port);

/* The same for all addresses one household has: an IPv4 address, or an IPv6 network of /64. */
Bytes address_household(const Address *address);

/* Ends both directions of a connection; whoever waits on it finds it closed. */
void socket_cut(int socket);
