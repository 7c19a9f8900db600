#include "hostsw/client/attachment.hpp"

namespace tradsys::client {
namespace {

constexpr Nanos kAnswerWait{2'000'000'000};

Error refusal(const std::string& path, ipc::AttachStatus status) {
  switch (status) {
    case ipc::AttachStatus::kNotAuthorized:
      return {path, "the appliance does not let this process in",
              "check user, password and clients.shm.uids"};
    case ipc::AttachStatus::kOtherRelease:
      return {path, "the appliance is of another release", "use programs of one release"};
    case ipc::AttachStatus::kBusy:
      return {path, "the appliance has too many attachments", "end some, or try again"};
    case ipc::AttachStatus::kNoMemory:
      return {path, "the appliance's host has no memory left", "free some"};
    default:
      return {path, "the appliance does not understand the request", "use programs of one release"};
  }
}

}  // namespace

Result<Attachment> attach(const Where& where, ipc::AttachKind kind, const std::string& user,
                          const std::string& password) {
  ipc::AttachRequest request{};
  if (user.size() > request.user.size() || password.size() > request.password.size())
    return Error{"user '" + user + "'", "is too long, or its password is",
                 "users have up to 6 characters, passwords up to 10"};
  std::filesystem::path path = where.socket;
  if (path.empty()) {
    const Result<ipc::InstancePaths> paths = ipc::instance_paths(where.instance, where.runtime_dir);
    if (!paths) return paths.error();
    path = paths.value().clients();
  }
  Result<ipc::LocalSocket> connected = ipc::LocalSocket::connect(path);
  if (!connected) return connected.error();
  ipc::LocalSocket socket = std::move(connected).value();
  request.magic = ipc::kAttachMagic;
  request.layout_hash = ipc::kAttachLayout;
  request.kind = kind;
  request.user = make_text<6>(user);
  request.password = make_text<10>(password);
  request.reserved = kSpaces<4>;
  ipc::LocalSocket::Packet packet;
  ipc::AttachReply reply{};
  if (socket.send(std::as_bytes(std::span(&request, 1)))) {
    socket.wait(kAnswerWait);
    packet = socket.receive(std::as_writable_bytes(std::span(&reply, 1)));
  }
  if (packet.bytes != sizeof reply || reply.magic != ipc::kAttachMagic)
    return Error{path.string(), "no answer", "is the appliance running?"};
  if (reply.status != ipc::AttachStatus::kGranted) return refusal(path.string(), reply.status);
  return Attachment{std::move(socket), std::move(packet.descriptor)};
}

}  // namespace tradsys::client
