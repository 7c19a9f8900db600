#include "hostsw/config/dataplane_config.hpp"

#include "hostsw/config/dataplane_check.hpp"
#include "hostsw/config/dataplane_schema.hpp"
#include "hostsw/config/loader.hpp"
#include "hostsw/config/text.hpp"

namespace tradsys::config {
namespace {

Result<DataplaneConfig> from(const Result<Document>& document) {
  if (!document) return document.error();
  return load_config<DataplaneConfig>(document.value(), check_dataplane_config);
}

}  // namespace

Result<DataplaneConfig> load_dataplane_config(const std::string& path) {
  return from(Document::load(path));
}

Result<DataplaneConfig> parse_dataplane_config(std::string_view text, const std::string& name) {
  return from(Document::parse(text, name));
}

std::string print_dataplane_config(const DataplaneConfig& config) { return print_config(config); }

std::string document_dataplane_config() {
  return document_config<DataplaneConfig>("Configuration of tradsys-dataplane");
}

}  // namespace tradsys::config
