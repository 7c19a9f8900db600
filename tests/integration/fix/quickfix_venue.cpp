// A FIX venue that is not ours: QuickFIX as acceptor, with a small order book keeper behind it, for
// the test of the appliance's session with a venue.
// C++14: QuickFIX 1.15 has dynamic exception specifications.
// usage: quickfix-venue BEGINSTRING PORT
// What it does with an order follows from its quantity: N % 10 is the case.
//   1..6  fills it at once, in two parts where the quantity is above 100
//   7     rests; a replace fills half of it, a cancel ends it
//   8     fills half of it; the rest rests
//   9     refuses it
//   0     rests
// "quit" on standard input ends it; then it prints "order ORDERID CUM STATUS" for each order by the
// ClOrdID that it was entered with, "twice N", and "orders N".
#include <quickfix/Session.h>
#include <quickfix/SocketAcceptor.h>

#include <cstdio>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>

namespace {

/// An order and all of its versions.
struct Order {
  std::string first_id;  ///< ClOrdID it was entered with
  std::string id;  ///< of the version that is in force
  std::string symbol;
  std::string side;
  std::string price;
  long order_id = 0;
  long qty = 0;
  long cum = 0;
  char status = '0';

  long leaves() const { return status == '4' || status == '8' ? 0 : qty - cum; }
  bool live() const { return status == '0' || status == '1' || status == '5'; }
};

class Venue : public FIX::Application {
 public:
  explicit Venue(std::string begin_string) : begin_string_(std::move(begin_string)) {}

  void onCreate(const FIX::SessionID& id) override { id_ = id; }
  void onLogon(const FIX::SessionID&) override {}
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
    const char type = m.getHeader().getField(35)[0];
    const std::string id = m.getField(11);
    if (type == 'H') return on_status(m, id);
    if (!ids_.insert(id).second) ++twice_;
    if (type == 'D') return on_new(m, id);
    const auto found = by_id_.find(m.getField(41));
    Order* const order = found == by_id_.end() ? nullptr : &orders_[found->second];
    if (order == nullptr || !order->live() || order->id != m.getField(41))
      return reject_change(m, id, order, type == 'G' ? '2' : '1');
    type == 'G' ? on_replace(m, id, *order) : on_cancel(m, id, *order);
  }
  void print() {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& entry : orders_)
      std::printf("order %s %ld %c\n", entry.second.first_id.c_str(), entry.second.cum,
                  entry.second.status);
    std::printf("twice %u\norders %zu\n", twice_, orders_.size());
    std::fflush(stdout);
  }

 private:
  bool is_42() const { return begin_string_ == "FIX.4.2"; }

  void on_new(const FIX::Message& m, const std::string& id) {
    Order& order = orders_[++last_order_];
    order.order_id = last_order_;
    order.first_id = order.id = id;
    order.symbol = m.getField(55);
    order.side = m.getField(54);
    order.price = m.getField(44);
    order.qty = std::stol(m.getField(38));
    by_id_[id] = last_order_;
    const long what = order.qty % 10;
    if (what == 9) {
      order.status = '8';
      return report(order, '8', id, "", 0);
    }
    report(order, '0', id, "", 0);
    if (what >= 1 && what <= 6) {
      if (order.qty > 100) fill(order, order.qty / 2);
      fill(order, order.qty - order.cum);
    }
    if (what == 8) fill(order, order.qty / 2);
  }
  void on_replace(const FIX::Message& m, const std::string& id, Order& order) {
    const std::string before = order.id;
    order.id = id;
    order.price = m.getField(44);
    order.qty = std::stol(m.getField(38));
    by_id_[id] = order.order_id;
    report(order, '5', id, before, 0);
    if (order.leaves() > 1) fill(order, order.leaves() / 2);
  }
  void on_cancel(const FIX::Message&, const std::string& id, Order& order) {
    order.status = '4';
    report(order, '4', id, order.id, 0);
  }
  void fill(Order& order, long qty) {
    order.cum += qty;
    order.status = order.cum == order.qty ? '2' : '1';
    report(order, is_42() ? order.status : 'F', order.id, "", qty);
  }
  void on_status(const FIX::Message& m, const std::string& id) {
    const auto found = by_id_.find(id);
    Order none;
    none.id = id;
    none.symbol = m.getField(55);
    none.side = m.getField(54);
    none.status = '8';
    report(found == by_id_.end() ? none : orders_[found->second], 'I', id, "", 0);
  }

  FIX::Message message_of(const char* type) const {
    FIX::Message m;
    m.getHeader().setField(FIX::BeginString(begin_string_));
    m.getHeader().setField(FIX::MsgType(type));
    return m;
  }
  void report(const Order& order, char exec_type, const std::string& id, const std::string& before,
              long last_qty) {
    FIX::Message r = message_of("8");
    const bool status = exec_type == 'I';
    r.setField(37, order.order_id == 0 ? "NONE" : "V" + std::to_string(order.order_id));
    r.setField(17, status ? "0" : "E" + std::to_string(++last_exec_));
    if (is_42()) r.setField(20, status ? "3" : "0");
    r.setField(11, id);
    if (!before.empty()) r.setField(41, before);
    r.setField(150, std::string(1, status && is_42() ? order.status : exec_type));
    r.setField(39, std::string(1, order.status));
    if (order.status == '8') r.setField(103, status ? "5" : "3");
    r.setField(55, order.symbol);
    r.setField(54, order.side);
    r.setField(38, std::to_string(order.qty));
    if (!order.price.empty()) r.setField(44, order.price);
    if (last_qty != 0) {
      r.setField(32, std::to_string(last_qty));
      r.setField(31, order.price);
    }
    r.setField(151, std::to_string(order.leaves()));
    r.setField(14, std::to_string(order.cum));
    r.setField(6, order.cum == 0 ? "0" : order.price);
    r.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
    r.setField(9702, "a field of the venue's own");
    FIX::Session::sendToTarget(r, id_);
  }
  void reject_change(const FIX::Message& m, const std::string& id, const Order* order,
                     char response_to) {
    FIX::Message r = message_of("9");
    r.setField(37, order == nullptr ? "NONE" : "V" + std::to_string(order->order_id));
    r.setField(11, id);
    r.setField(41, m.getField(41));
    r.setField(39, std::string(1, order == nullptr ? '8' : order->status));
    r.setField(434, std::string(1, response_to));
    r.setField(102, order == nullptr ? "1" : "0");
    FIX::Session::sendToTarget(r, id_);
  }

  std::string begin_string_;
  std::mutex mutex_;
  FIX::SessionID id_;
  std::map<long, Order> orders_;
  std::map<std::string, long> by_id_;  ///< every version's ClOrdID
  std::set<std::string> ids_;
  long last_order_ = 0;
  unsigned long last_exec_ = 0;
  unsigned twice_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ostringstream settings_text;
  settings_text << "[DEFAULT]\nConnectionType=acceptor\nStartTime=00:00:00\nEndTime=00:00:00\n"
                << "UseDataDictionary=N\nSocketNodelay=Y\nCheckLatency=N\n"
                << "DefaultApplVerID=FIX.5.0SP2\n[SESSION]\nBeginString=" << argv[1]
                << "\nSenderCompID=VENUE\nTargetCompID=TRADSYS\nSocketAcceptPort=" << argv[2]
                << "\n";
  std::istringstream text(settings_text.str());
  FIX::SessionSettings settings(text);
  Venue venue(argv[1]);
  FIX::MemoryStoreFactory store;
  FIX::SocketAcceptor acceptor(venue, store, settings);
  acceptor.start();
  std::string line;
  while (std::getline(std::cin, line) && line != "quit") {
  }
  acceptor.stop();
  venue.print();
  return 0;
}
