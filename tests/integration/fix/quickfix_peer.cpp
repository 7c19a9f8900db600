// A FIX peer that is not ours: QuickFIX, as client or venue, for the interoperation test.
// C++14: QuickFIX 1.15 has dynamic exception specifications.
// usage: quickfix-peer initiator|acceptor BEGINSTRING PORT ORDERS [SYMBOL LOW HIGH FAR]
// With prices the client trades on a market: buys at HIGH, sells at LOW, and every tenth rests at
// FAR; half of these are canceled by OrderID, and in the middle, when nothing is open, both numbers
// start at 1 again. The client sends orders, replaces every tenth and cancels it then, until all
// are over; the venue accepts and fills what is sent. Both print what they saw: "orders N fills N
// replaced N canceled N twice N" and end with the session, a client on a market
// with "rejected N overtaken N": replaced, and filled before the cancel.
#include <quickfix/Session.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Counts {
  unsigned orders = 0;
  unsigned fills = 0;
  unsigned replaced = 0;
  unsigned canceled = 0;
  unsigned twice = 0;
  unsigned rejected = 0;  ///< on a market only
  unsigned overtaken = 0;  ///< replaced, and filled before the cancel: on a market only
};

FIX::Message message_of(const char* begin_string, const char* type) {
  FIX::Message m;
  m.getHeader().setField(FIX::BeginString(begin_string));
  m.getHeader().setField(FIX::MsgType(type));
  return m;
}

class Peer : public FIX::Application {
 public:
  Peer(std::string begin_string, bool client, unsigned orders, std::vector<std::string> market)
      : begin_string_(std::move(begin_string)),
        client_(client),
        orders_(orders),
        market_(std::move(market)) {}

  void onCreate(const FIX::SessionID& id) override { id_ = id; }
  void onLogon(const FIX::SessionID&) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (client_) fill_up();
  }
  void onLogout(const FIX::SessionID&) override {}
  void toAdmin(FIX::Message&, const FIX::SessionID&) override {}
  void toApp(FIX::Message&, const FIX::SessionID&) throw(FIX::DoNotSend) override {}
  void fromAdmin(const FIX::Message&,
                 const FIX::SessionID&) throw(FIX::FieldNotFound, FIX::IncorrectDataFormat,
                                              FIX::IncorrectTagValue, FIX::RejectLogon) override {}
  void fromApp(const FIX::Message& m,
               const FIX::SessionID&) throw(FIX::FieldNotFound, FIX::IncorrectDataFormat,
                                            FIX::IncorrectTagValue,
                                            FIX::UnsupportedMessageType) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    client_ ? on_report(m) : on_request(m);
  }
  bool done() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return client_ && counts_.fills + counts_.canceled + counts_.rejected == orders_;
  }
  /// On a market, in the middle: nothing is open. It goes on with the next logon.
  bool takes_a_break() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool now = pauses() && open() == 0;
    had_break_ = had_break_ || now;
    return now;
  }
  void print() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::printf("orders %u fills %u replaced %u canceled %u twice %u\n", counts_.orders,
                counts_.fills, counts_.replaced, counts_.canceled, counts_.twice);
    if (!market_.empty())
      std::printf("rejected %u overtaken %u\n", counts_.rejected, counts_.overtaken);
    std::fflush(stdout);
  }

 private:
  void send(FIX::Message& m) { FIX::Session::sendToTarget(m, id_); }

  // --- client
  unsigned open() const {
    return counts_.orders - counts_.fills - counts_.canceled - counts_.rejected;
  }
  /// What was not read is lost in a reset: nothing may be open.
  bool pauses() const { return !market_.empty() && !had_break_ && counts_.orders == orders_ / 2; }
  void fill_up() {
    while (counts_.orders < orders_ && open() < 100 && !pauses()) {
      ++counts_.orders;
      request("D", "c" + std::to_string(counts_.orders), "");
    }
  }
  /// As many sells as buys in twenty orders, those that rest left out.
  static bool sells_at(unsigned long number) {
    return number % 10 != 0 && (number % 2 == 0 || number % 20 == 9);
  }
  void request(const char* type, const std::string& id, const std::string& original,
               const std::string& order_id = "") {
    FIX::Message m = message_of(begin_string_.c_str(), type);
    m.setField(11, id);
    if (!original.empty()) m.setField(41, original);
    if (!order_id.empty()) m.setField(37, order_id);
    m.setField(21, "1");
    const unsigned long number = std::stoul(id.substr(1));
    const bool sells = !market_.empty() && sells_at(number);
    m.setField(55, market_.empty() ? "COMI" : market_[0]);
    m.setField(54, sells ? "2" : "1");
    m.setField(38, "100");
    m.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
    if (*type != 'F') {
      m.setField(40, "2");
      m.setField(44, market_.empty() ? "81.5" : market_[number % 10 == 0 ? 3 : sells ? 1 : 2]);
    }
    if (*type == 'F') m.removeField(21);
    send(m);
  }
  void on_report(const FIX::Message& m) {
    // On a market an order may be filled before its replace or cancel arrives.
    if (!market_.empty() && m.getHeader().getField(35) == "9") return;
    if (!exec_ids_.insert(m.getField(17)).second) ++counts_.twice;
    const std::string id = m.getField(11);
    switch (m.getField(150)[0]) {
      case '0':  // every tenth is not filled by the venue
        if (std::stoul(id.substr(1)) % 10 == 0) request("G", id + "r", id);
        break;
      case '5':
        ++counts_.replaced;
        replaced_.insert(std::stoul(id.substr(1)));
        if (!market_.empty() && std::stoul(id.substr(1)) % 20 == 0)
          request("F", id + "x", "NONE", m.getField(37));
        else
          request("F", id + "x", id);
        break;
      case '4':
        ++counts_.canceled;
        break;
      default:
        if (m.getField(39) == "2") {
          ++counts_.fills;
          counts_.overtaken += replaced_.count(std::stoul(id.substr(1))) != 0 ? 1 : 0;
        }
        if (m.getField(39) == "8") ++counts_.rejected;
    }
    fill_up();
  }

  // --- venue
  void on_request(const FIX::Message& m) {
    const std::string id = m.getField(11);
    if (!exec_ids_.insert(id).second) ++counts_.twice;
    const char type = m.getHeader().getField(35)[0];
    if (type == 'D') {
      ++counts_.orders;
      report(m, '0', '0');
      if (std::stoul(id.substr(1)) % 10 == 0) return;
      ++counts_.fills;
      report(m, begin_string_ == "FIX.4.2" ? '2' : 'F', '2');
    } else {
      ++(type == 'G' ? counts_.replaced : counts_.canceled);
      report(m, type == 'G' ? '5' : '4', type == 'G' ? '0' : '4');
    }
  }
  void report(const FIX::Message& m, char exec_type, char status) {
    FIX::Message r = message_of(begin_string_.c_str(), "8");
    const std::string number = std::to_string(++exec_id_);
    r.setField(37, number);
    r.setField(17, "e" + number);
    if (begin_string_ == "FIX.4.2") r.setField(20, "0");
    r.setField(11, m.getField(11));
    r.setField(150, std::string(1, exec_type));
    r.setField(39, std::string(1, status));
    r.setField(55, "COMI");
    r.setField(54, "1");
    r.setField(151, "0");
    r.setField(14, "100");
    r.setField(6, "81.5");
    send(r);
  }

  std::string begin_string_;
  bool client_;
  unsigned orders_;
  std::vector<std::string> market_;  ///< symbol and prices
  std::mutex mutex_;
  FIX::SessionID id_;
  Counts counts_;
  std::set<std::string> exec_ids_;
  std::set<unsigned long> replaced_;
  unsigned long exec_id_ = 0;
  bool had_break_ = false;
};

/// With ResetOnLogout, a logon whose numbers are both 1 says so (ResetSeqNumFlag).
std::string settings_of(bool client, bool market, const std::string& begin_string,
                        const std::string& port) {
  std::ostringstream out;
  out << "[DEFAULT]\nConnectionType=" << (client ? "initiator" : "acceptor")
      << "\nStartTime=00:00:00\nEndTime=00:00:00\nUseDataDictionary=N\nReconnectInterval=1\n"
      << "HeartBtInt=5\nSocketNodelay=Y\nCheckLatency=Y\nDefaultApplVerID=FIX.5.0SP2\n"
      << (market ? "ResetOnLogout=Y\n" : "") << "[SESSION]\nBeginString=" << begin_string
      << "\nSenderCompID=QUICK\nTargetCompID=TRADSYS\n"
      << (client ? "SocketConnectHost=127.0.0.1\nSocketConnectPort=" : "SocketAcceptPort=") << port
      << "\n";
  return out.str();
}

/// Until the client is done or takes a break, or the standard input of the venue ends. The store is
/// new: numbers are 1, and a client on a market says so.
template <class Engine>
void run(Peer& peer, FIX::SessionSettings& settings, bool client) {
  FIX::MemoryStoreFactory store;
  Engine engine(peer, store, settings);
  engine.start();
  while (client && !peer.done() && !peer.takes_a_break())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  while (!client && std::getchar() != EOF) {
  }
  engine.stop();
}

/// The client ends when its orders are over, the venue when its standard input ends.
template <class Engine>
int serve(Peer& peer, FIX::SessionSettings& settings, bool client) {
  do {
    run<Engine>(peer, settings, client);
  } while (client && !peer.done());
  peer.print();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 9) return 2;
  const bool client = std::string(argv[1]) == "initiator";
  Peer peer(argv[2], client, static_cast<unsigned>(std::stoul(argv[4])), {argv + 5, argv + argc});
  std::istringstream text(settings_of(client, argc == 9, argv[2], argv[3]));
  FIX::SessionSettings settings(text);
  return client ? serve<FIX::SocketInitiator>(peer, settings, client)
                : serve<FIX::SocketAcceptor>(peer, settings, client);
}
