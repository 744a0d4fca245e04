#include "tests/repo/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace cds::repo {
namespace {

/// Copies C++ text while blanking literals, and comments too if asked. Line breaks stay.
class Blanker {
public:
    Blanker(std::string_view text, bool keep_comments)
        : text_{text}, keep_comments_{keep_comments} {}

    std::string run() {
        while (at_ < text_.size()) {
            if (starts("//")) {
                skip_to(text_.find('\n', at_), keep_comments_);
            } else if (starts("/*")) {
                skip_to(after(text_.find("*/", at_ + 2), 2), keep_comments_);
            } else if (starts("R\"") && !in_word()) {
                raw_string();
            } else if (text_[at_] == '"') {
                literal('"');
            } else if (text_[at_] == '\'' && !in_word()) {
                literal('\'');
            } else {
                out_ += text_[at_++];
            }
        }
        return std::move(out_);
    }

private:
    bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
    /// In the middle of a word: the quote is a digit separator, the R the end of a name.
    bool in_word() const {
        if (at_ == 0) return false;
        auto const before = static_cast<unsigned char>(text_[at_ - 1]);
        return std::isalnum(before) != 0 || before == '_';
    }
    std::size_t after(std::size_t found, std::size_t length) const {
        return found == std::string_view::npos ? text_.size() : found + length;
    }
    void skip_to(std::size_t end, bool keep) {
        for (end = std::min(end, text_.size()); at_ < end; ++at_) {
            out_ += keep || text_[at_] == '\n' ? text_[at_] : ' ';
        }
    }
    void literal(char quote) {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
            end += text_[end] == '\\' ? 2U : 1U;
        }
        out_ += quote;
        ++at_;
        skip_to(end, false);
        if (at_ < text_.size() && text_[at_] == quote) out_ += text_[at_++];
    }
    void raw_string() {
        auto const open = text_.find('(', at_);
        if (open == std::string_view::npos) return skip_to(text_.size(), false);
        auto const closing = ")" + std::string{text_.substr(at_ + 2, open - at_ - 2)} + "\"";
        skip_to(after(text_.find(closing, open), closing.size()), false);
    }

    std::string_view text_;
    std::string out_;
    std::size_t at_ = 0;
    bool keep_comments_;
};

std::string read_file(std::filesystem::path const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

std::string_view SourceFile::folder() const {
    auto const slash = path.find('/');
    return slash == std::string::npos ? std::string_view{}
                                      : std::string_view{path}.substr(0, slash);
}

bool SourceFile::is_cpp() const { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

bool SourceFile::is_script() const {
    auto const first_line = std::string_view{text}.substr(0, text.find('\n'));
    return first_line.starts_with("#!") && first_line.ends_with("sh");
}

std::size_t SourceFile::line_of(std::size_t offset) const {
    auto const end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
    return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

SourceFile source_file(std::string path, std::string text) {
    SourceFile file{std::move(path), std::move(text), {}, {}};
    file.code = file.is_cpp() ? Blanker{file.text, false}.run() : file.text;
    file.prose = file.is_cpp() ? Blanker{file.text, true}.run() : file.text;
    return file;
}

std::vector<SourceFile> read_tree(std::filesystem::path const& root) {
    static std::set<std::string, std::less<>> const left_out{".git", "build", ".cache",
                                                             "node_modules"};
    std::vector<SourceFile> files;
    std::filesystem::recursive_directory_iterator entry{root};
    for (; entry != std::filesystem::recursive_directory_iterator{}; ++entry) {
        auto const name = entry->path().filename().string();
        if (entry->is_directory() && left_out.contains(name)) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file() && !left_out.contains(name)) {  // .git of a worktree
            auto text = read_file(entry->path());
            if (text.find('\0') != std::string::npos) continue;
            auto path = entry->path().lexically_relative(root).generic_string();
            files.push_back(source_file(std::move(path), std::move(text)));
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

std::string describe(std::vector<Complaint> const& complaints) {
    std::string out;
    for (auto const& complaint : complaints) {
        out += complaint.path + ":" + std::to_string(complaint.line) + ": " + complaint.what + "\n";
    }
    return out;
}

}  // namespace cds::repo
