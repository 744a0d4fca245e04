#pragma once
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace cds::cards {

/// One JSON array that is written straight into a string.
class JsonList {
public:
    explicit JsonList(std::string& out) : out_{out}, start_{out.size()} { out_ += '['; }

    /// Begins an element; the caller appends its value.
    std::string& next() {
        if (out_.size() != start_ + 1) out_ += ',';
        return out_;
    }
    void text(std::string_view value) { base::json::write_string(value, next()); }
    void close() { out_ += ']'; }

private:
    std::string& out_;
    std::size_t start_;
};

}  // namespace cds::cards
