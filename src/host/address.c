#include "host/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static_assert(ADDRESS_SIZE == sizeof(struct sockaddr_storage), "any address fits");
static_assert(alignof(Address) >= alignof(struct sockaddr_storage), "and lies as it must");

#define PORT_MAX 65535

static const struct sockaddr_in *as_v4(const Address *address)
{
    return (const struct sockaddr_in *)(const void *)address->at;
}

static const struct sockaddr_in6 *as_v6(const Address *address)
{
    return (const struct sockaddr_in6 *)(const void *)address->at;
}

bool address_is_v6(const Address *address)
{
    return as_v4(address)->sin_family == AF_INET6;
}

static ErrCode parse_port(Text text, uint16_t *out_port, Err *err)
{
    int64_t port = 0;
    Err ignored;
    if (text.size == 0 || text.size > 5 || text_to_int(text, &port, &ignored) != OK || port < 0 ||
        port > PORT_MAX)
        return err_set(err, ERR_INVALID, "a port is a number from 0 to %d", PORT_MAX);
    *out_port = (uint16_t)port;
    return OK;
}

/* "[::1]:8600" -> "::1" and "8600"; "127.0.0.1:8600" likewise. */
static bool split_place(Text text, bool *out_is_v6, Text *out_place, Text *out_port)
{
    *out_is_v6 = text.size > 0 && text.at[0] == '[';
    Text rest = text;
    if (*out_is_v6) {
        rest = (Text){text.at + 1, text.size - 1};
        *out_place = text_split(&rest, ']');
        if (rest.size == 0 || rest.at[0] != ':') return false;
        *out_port = (Text){rest.at + 1, rest.size - 1};
        return true;
    }
    *out_place = text_split(&rest, ':');
    *out_port = rest;
    return true;
}

ErrCode address_parse(Text text, Address *out_address, Err *err)
{
    bool is_v6 = false;
    Text place = {0};
    Text port_text = {0};
    char z[INET6_ADDRSTRLEN] = "";
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const bool is_split = split_place(text, &is_v6, &place, &port_text);
    if (is_split && place.size < sizeof z) memcpy(z, place.at, place.size);
    const int family = is_v6 ? AF_INET6 : AF_INET;
    void *bytes = is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr;
    if (!is_split || place.size >= sizeof z || inet_pton(family, z, bytes) != 1)
        return err_set(err, ERR_INVALID, "an address is written like 127.0.0.1:8600 or [::1]:8600");
    uint16_t port = 0;
    TRY(parse_port(port_text, &port, err));
    Address address = {{0}};
    if (is_v6)
        memcpy(address.at, &v6, sizeof v6);
    else
        memcpy(address.at, &v4, sizeof v4);
    address_set_port(&address, port);
    *out_address = address;
    return OK;
}

Address address_from(const void *sockaddr)
{
    Address address = {{0}};
    sa_family_t family = 0;
    memcpy(&family, (const uint8_t *)sockaddr + offsetof(struct sockaddr, sa_family),
           sizeof family);
    if (family == AF_INET)
        memcpy(address.at, sockaddr, sizeof(struct sockaddr_in));
    else if (family == AF_INET6)
        memcpy(address.at, sockaddr, sizeof(struct sockaddr_in6));
    return address;
}

const char *address_write(const Address *address, char out[ADDRESS_TEXT_MAX])
{
    char place[INET6_ADDRSTRLEN] = "?";
    const bool is_v6 = address_is_v6(address);
    const void *bytes =
        is_v6 ? (const void *)&as_v6(address)->sin6_addr : (const void *)&as_v4(address)->sin_addr;
    (void)inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes, place, sizeof place); /* it fits */
    snprintf(out, ADDRESS_TEXT_MAX, is_v6 ? "[%s]:%u" : "%s:%u", place,
             (unsigned)address_port(address));
    return out;
}

bool address_is_loopback(const Address *address)
{
    if (!address_is_v6(address)) return (ntohl(as_v4(address)->sin_addr.s_addr) >> 24) == 127;
    const struct in6_addr *place = &as_v6(address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(place)) return place->s6_addr[12] == 127;
    return IN6_IS_ADDR_LOOPBACK(place);
}

uint16_t address_port(const Address *address)
{
    return ntohs(address_is_v6(address) ? as_v6(address)->sin6_port : as_v4(address)->sin_port);
}

void address_set_port(Address *address, uint16_t port)
{
    static_assert(offsetof(struct sockaddr_in, sin_port) ==
                      offsetof(struct sockaddr_in6, sin6_port),
                  "the port stands at the same place in both");
    const uint16_t wire = htons(port);
    memcpy(address->at + offsetof(struct sockaddr_in, sin_port), &wire, sizeof wire);
}

Bytes address_household(const Address *address)
{
    if (!address_is_v6(address))
        return (Bytes){(const uint8_t *)&as_v4(address)->sin_addr, sizeof(struct in_addr)};
    const uint8_t *place = as_v6(address)->sin6_addr.s6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&as_v6(address)->sin6_addr)) return (Bytes){place + 12, 4};
    return (Bytes){place, 8};
}

void socket_cut(int socket)
{
    (void)shutdown(socket, SHUT_RDWR); /* fails only when it is closed already */
}
