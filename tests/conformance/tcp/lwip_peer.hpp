#pragma once
// lwIP as the peer of our stack: a host of its own, Ethernet and ARP included, on one end of an
// in-memory cable. Debian's library, unchanged; only its clock is the test's virtual one, which the
// library finds because the program's own sys_now() comes before the library's.
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/ip4_addr.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "dataplane/net/address.hpp"
#include "hostsw/core/clock.hpp"
#include "sim/wire/memory_port.hpp"

namespace tradsys::testing {

/// What lwIP reads the time from, in milliseconds.
inline const VirtualClock* g_lwip_clock = nullptr;

/// The one lwIP of this process: an interface that sends into `port` and takes from it.
class LwipHost {
 public:
  /// lwIP can be set up once in a process; its connections do not outlive a test, nor its ARP table
  /// a change of the peer, which keeps its address.
  LwipHost(const VirtualClock& clock, u64 mac, net::Ipv4 ip) {
    g_lwip_clock = &clock;
    static const bool once = (lwip_init(), true);
    static_cast<void>(once);
    for (u32 i = 0; i < 6; ++i) mac_[i] = static_cast<u8>(mac >> (8 * (5 - i)));
    ip4_addr_t address, mask, gateway;
    ip4_addr_set_u32(&address, lwip_htonl(ip.v));
    ip4_addr_set_u32(&mask, lwip_htonl(0xFFFF'FF00));
    ip4_addr_set_zero(&gateway);
    netif_add(&netif_, &address, &mask, &gateway, this, set_up, ethernet_input);
    netif_set_up(&netif_);
    netif_set_link_up(&netif_);
  }
  LwipHost(const LwipHost&) = delete;
  LwipHost& operator=(const LwipHost&) = delete;
  ~LwipHost() { netif_remove(&netif_); }

  /// Takes up to `budget` frames; how many there were.
  u32 poll(u32 budget) {
    nic::RxFrame frames[64];
    const u32 count = port.rx_burst(frames, std::min<u32>(budget, 64));
    for (u32 i = 0; i < count; ++i) {
      pbuf* p = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(frames[i].len_bytes), PBUF_RAM);
      pbuf_take(p, frames[i].data, static_cast<u16_t>(frames[i].len_bytes));
      if (netif_.input(p, &netif_) != ERR_OK) pbuf_free(p);
    }
    port.release(frames, count);
    return count;
  }
  /// Runs the timers that are due.
  static void housekeep() { sys_check_timeouts(); }
  /// When the next of them is, counted from now.
  [[nodiscard]] static Nanos sleep_time() {
    const u32 ms = sys_timeouts_sleeptime();
    return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? kSecond : Nanos{i64{ms} * 1'000'000};
  }

  sim::MemoryPort port;

 private:
  static err_t set_up(netif* n) {
    auto* self = static_cast<LwipHost*>(n->state);
    n->name[0] = 'l', n->name[1] = 'w';
    n->mtu = 1'500;
    n->hwaddr_len = 6;
    std::copy_n(self->mac_, 6, n->hwaddr);
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    n->output = etharp_output;
    n->linkoutput = send;
    return ERR_OK;
  }
  static err_t send(netif* n, pbuf* p) {
    auto* self = static_cast<LwipHost*>(n->state);
    std::byte* out = self->port.tx_alloc();
    if (out == nullptr) return ERR_MEM;
    pbuf_copy_partial(p, out, p->tot_len, 0);
    self->port.tx_send(std::max<u32>(p->tot_len, 60));
    return ERR_OK;
  }

  netif netif_{};
  u8 mac_[6]{};
};

/// One connection of lwIP, written down as it goes: what came, how it ended.
class LwipConnection {
 public:
  LwipConnection() = default;
  LwipConnection(const LwipConnection&) = delete;
  LwipConnection& operator=(const LwipConnection&) = delete;
  ~LwipConnection() { abort(); }

  void connect(net::Ipv4 to, u16 port) {
    take(tcp_new());
    ip_addr_t address{};
    ip_addr_set_ip4_u32(&address, lwip_htonl(to.v));
    tcp_connect(pcb_, &address, port, [](void* self, tcp_pcb*, err_t) -> err_t {
      static_cast<LwipConnection*>(self)->connected_ = true;
      return ERR_OK;
    });
  }
  /// Takes over a connection that lwIP has accepted.
  void take(tcp_pcb* pcb) {
    pcb_ = pcb;
    tcp_arg(pcb, this);
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, on_data);
    tcp_err(pcb, on_error);
  }

  /// Hands `outbox` over as far as lwIP takes it; true when something went.
  bool flush() {
    if (pcb_ == nullptr || !connected_ || outbox.empty()) return false;
    const usize bytes = std::min<usize>({outbox.size(), tcp_sndbuf(pcb_), 8'192});
    if (bytes == 0) return false;
    if (tcp_write(pcb_, outbox.data(), static_cast<u16_t>(bytes), TCP_WRITE_FLAG_COPY) != ERR_OK)
      return false;
    outbox.erase(0, bytes);
    tcp_output(pcb_);
    return true;
  }
  /// The application has read what came: the window opens again.
  void read() {
    for (; unread_ != 0 && pcb_ != nullptr; unread_ -= std::min<u32>(unread_, 0xFFFF))
      tcp_recved(pcb_, static_cast<u16_t>(std::min<u32>(unread_, 0xFFFF)));
  }
  /// FIN; what comes after it is still taken.
  void finish() { tcp_shutdown(pcb_, 0, 1); }
  void abort() {
    if (pcb_ != nullptr) tcp_abort(pcb_);
    pcb_ = nullptr;
  }

  [[nodiscard]] bool connected() const noexcept { return connected_; }
  void set_connected() noexcept { connected_ = true; }
  [[nodiscard]] bool peer_finished() const noexcept { return peer_finished_; }
  /// What lwIP said when it gave the connection up; ERR_OK: it did not.
  [[nodiscard]] err_t error() const noexcept { return error_; }

  std::string stream;  ///< what came
  std::string outbox;  ///< what is to go
  bool echo = false;
  bool reads = true;  ///< false: nothing is taken out of lwIP's buffer

 private:
  static err_t on_data(void* arg, tcp_pcb*, pbuf* p, err_t) {
    auto* self = static_cast<LwipConnection*>(arg);
    if (p == nullptr) {
      self->peer_finished_ = true;
      return ERR_OK;
    }
    std::string text(p->tot_len, '\0');
    pbuf_copy_partial(p, text.data(), p->tot_len, 0);
    (self->echo ? self->outbox : self->stream) += text;
    self->unread_ += p->tot_len;
    pbuf_free(p);
    if (self->reads) self->read();
    return ERR_OK;
  }
  static void on_error(void* arg, err_t error) {
    auto* self = static_cast<LwipConnection*>(arg);
    self->pcb_ = nullptr;  // lwIP has freed it
    self->error_ = error;
  }

  tcp_pcb* pcb_ = nullptr;
  u32 unread_ = 0;
  bool connected_ = false;
  bool peer_finished_ = false;
  err_t error_ = ERR_OK;
};

/// A port of lwIP that hands its first connection to `first`.
class LwipListener {
 public:
  LwipListener(u16 port, LwipConnection& first) : first_(first) {
    tcp_pcb* pcb = tcp_new();
    tcp_bind(pcb, IP_ADDR_ANY, port);
    pcb_ = tcp_listen(pcb);
    tcp_arg(pcb_, this);
    tcp_accept(pcb_, [](void* self, tcp_pcb* connection, err_t) -> err_t {
      auto& to = static_cast<LwipListener*>(self)->first_;
      to.take(connection);
      to.set_connected();
      return ERR_OK;
    });
  }
  LwipListener(const LwipListener&) = delete;
  LwipListener& operator=(const LwipListener&) = delete;
  ~LwipListener() { tcp_close(pcb_); }

 private:
  LwipConnection& first_;
  tcp_pcb* pcb_ = nullptr;
};

}  // namespace tradsys::testing
