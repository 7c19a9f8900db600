#pragma once
// What happens when nothing happens: retransmission, window probes, keepalive, the end of
// lingering.
#include "dataplane/net/tcp/tcp_lifecycle.hpp"

namespace tradsys::net {

template <class Link, Clock Clk, class Handler>
class TcpTimers {
 public:
  TcpTimers(Link& link, SessionTable& table, TcpOutput<Link, Clk>& output,
            TcpLifecycle<Link, Clk, Handler>& lifecycle, TcpCounters& counters)
      : link_(link), table_(table), output_(output), lifecycle_(lifecycle), counters_(counters) {}

  /// Serves every timer that is due; costs one comparison when none is.
  void housekeep(Nanos now) noexcept {
    if (now < table_.next_deadline()) return;
    for (TcpSession& s : table_.sessions()) {
      if (s.rexmit_at <= now) on_rexmit(s, now);
      if (s.linger_at <= now) on_linger(s, now);
    }
    table_.recompute_deadline();
  }

 private:
  void on_rexmit(TcpSession& s, Nanos now) noexcept {
    s.rexmit_at = kNever;
    if (s.probe_armed) return on_probe_time(s, now);
    const bool opening = s.state == TcpState::kSynSent || s.state == TcpState::kSynReceived;
    const TcpConfig& c = table_.config();
    if (s.retries >= (opening ? c.syn_retransmits_max : c.retransmits_max)) return give_up(s);
    ++counters_.timeouts;
    if (s.retries == kDoubtNeighbour) link_.arp().doubt(s.next_hop, now);
    if (opening) {
      ++s.retries;
      s.rto = clamp_rto({s.rto.v * 2}, c);
      resolve_again(s, now);
      output_.send_syn(s);
    } else if (s.snd_wnd == 0 && seq_before(s.snd_una, s.snd_end)) {
      ++s.retries;
      s.rto = clamp_rto({s.rto.v * 2}, c);
      s.snd_nxt = s.snd_una;
      output_.probe_window(s);
    } else if (s.snd_una != s.snd_max || seq_before(s.snd_una, s.snd_end)) {
      on_timeout(s, c);
      output_.flush(s);
    }
    // Without a free buffer nothing went out; the timer must not be lost with it.
    if (s.rexmit_at == kNever && s.snd_una != s.snd_max) output_.arm_timeout(s, now);
  }

  /// Nothing was heard for two round trips: the end of what is under way may be lost, and no
  /// duplicate ACK will tell. One probe, then the timer proper (RFC 8985 section 7.3).
  void on_probe_time(TcpSession& s, Nanos now) noexcept {
    on_tail_probe(s);
    ++counters_.tail_probes;
    output_.probe_tail(s);
    output_.arm_timeout(s, now);
  }

  void resolve_again(TcpSession& s, Nanos now) noexcept {
    MacAddress mac;
    if (!s.link_ready && link_.resolve(s.remote_ip, now, mac)) output_.prepare(s, mac);
  }

  void give_up(TcpSession& s) noexcept {
    ++counters_.gave_up;
    if (s.state != TcpState::kSynSent) output_.send_reset(s);
    lifecycle_.end(s, TcpCloseReason::kTimedOut);
  }

  void on_linger(TcpSession& s, Nanos now) noexcept {
    s.linger_at = kNever;
    if (s.state == TcpState::kTimeWait) return table_.release(s);
    if (s.state == TcpState::kFinWait2) return lifecycle_.end(s, TcpCloseReason::kLocalClosed);
    const bool closing = s.state == TcpState::kFinWait1 || s.state == TcpState::kClosing ||
                         s.state == TcpState::kLastAck;
    if (closing) return give_up(s);  // a peer that answers but never takes the rest
    if (s.state != TcpState::kEstablished) return;
    const TcpConfig& c = table_.config();
    // Bytes under way are a question already: their timer finds a dead peer (RFC 9293, MUST-26).
    const bool asked = s.snd_una != s.snd_end;
    const Nanos quiet_until = (asked ? now : s.heard_at) + c.keepalive_idle;
    if (quiet_until > now) {
      s.keepalive_count = 0;
      return table_.set_linger(s, quiet_until);
    }
    if (s.keepalive_count >= c.keepalive_probes) return give_up(s);
    ++s.keepalive_count;
    ++counters_.keepalives;
    output_.send_control(s, s.snd_una - 1, kTcpAck);
    table_.set_linger(s, now + c.keepalive_interval);
  }

  static constexpr u32 kDoubtNeighbour =
      2;  // timeouts after which the neighbour is looked for again

  Link& link_;
  SessionTable& table_;
  TcpOutput<Link, Clk>& output_;
  TcpLifecycle<Link, Clk, Handler>& lifecycle_;
  TcpCounters& counters_;
};

}  // namespace tradsys::net
