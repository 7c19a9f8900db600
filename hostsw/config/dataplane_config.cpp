#include "hostsw/config/dataplane_config.hpp"

#include "hostsw/config/dataplane_check.hpp"
#include "hostsw/config/loader.hpp"
#include "hostsw/config/schema/dataplane_schema.hpp"
#include "hostsw/config/text.hpp"

namespace tradsys::config {
namespace {

Result<DataplaneConfig> from(const Result<Document>& document, SecretFiles secrets) {
  if (!document) return document.error();
  return load_config<DataplaneConfig>(document.value(),
                                      [secrets](const DataplaneConfig& config, Problems& problems) {
                                        check_dataplane_config(config, problems);
                                        if (secrets == SecretFiles::kChecked)
                                          check_secret_files(config, problems);
                                      });
}

}  // namespace

const std::string& port_of_clients(const DataplaneConfig& config) noexcept {
  static const std::string kNone;
  for (const ClientSettings& client : config.clients)
    if (client.protocol != ClientProtocol::kShm) return client.port;
  return config.drop_copies.empty() ? kNone : config.drop_copies.front().port;
}

Result<DataplaneConfig> load_dataplane_config(const std::string& path, SecretFiles secrets) {
  return from(Document::load(path), secrets);
}

Result<DataplaneConfig> parse_dataplane_config(std::string_view text, const std::string& name) {
  return from(Document::parse(text, name), SecretFiles::kIgnored);
}

std::string print_dataplane_config(const DataplaneConfig& config) { return print_config(config); }

std::string document_dataplane_config() {
  return document_config<DataplaneConfig>("Configuration of tradsys-dataplane");
}

}  // namespace tradsys::config
