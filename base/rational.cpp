#include "base/rational.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace cds::base {
namespace {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 Magnitude;

constexpr Wide smallest = static_cast<Wide>(Magnitude{1} << 127U);

Magnitude magnitude(Wide value) noexcept {
    auto const bits = static_cast<Magnitude>(value);
    return value < 0 ? Magnitude{0} - bits : bits;
}

Magnitude gcd(Magnitude a, Magnitude b) noexcept {
    while (b != 0) {
        auto const rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/// Divides both by their greatest common divisor. The second must not be 0.
void reduce(Wide& a, Wide& b) noexcept {
    auto const divisor = gcd(magnitude(a), magnitude(b));
    if (divisor <= 1 || divisor >= magnitude(smallest)) return;
    a /= static_cast<Wide>(divisor);
    b /= static_cast<Wide>(divisor);
}

bool product(Wide a, Wide b, Wide& out) noexcept { return !__builtin_mul_overflow(a, b, &out); }
bool sum(Wide a, Wide b, Wide& out) noexcept { return !__builtin_add_overflow(a, b, &out); }

/// a/b + c/d over the common denominator b*d, or over their least one; false when it does not fit.
bool add_fractions(Wide a, Wide b, Wide c, Wide d, Wide& numerator, Wide& denominator) noexcept {
    Wide left = 0;
    Wide right = 0;
    if (product(a, d, left) && product(c, b, right) && sum(left, right, numerator) &&
        product(b, d, denominator))
        return true;
    reduce(a, b);
    reduce(c, d);
    auto const shared = static_cast<Wide>(gcd(magnitude(b), magnitude(d)));
    auto const left_factor = d / shared;
    auto const right_factor = b / shared;
    return product(a, left_factor, left) && product(c, right_factor, right) &&
           sum(left, right, numerator) && product(b, left_factor, denominator);
}

bool multiply_fractions(Wide a, Wide b, Wide c, Wide d, Wide& numerator,
                        Wide& denominator) noexcept {
    if (product(a, c, numerator) && product(b, d, denominator)) return true;
    reduce(a, b);
    reduce(c, d);
    reduce(a, d);
    reduce(c, b);
    return product(a, c, numerator) && product(b, d, denominator);
}

Wide floor_of(Wide numerator, Wide denominator) noexcept {
    auto const quotient = numerator / denominator;
    return numerator % denominator < 0 ? quotient - 1 : quotient;
}

/// Compares a/b with c/d (b, d > 0) without any product: whole parts first, then the fractions
/// turned over.
std::strong_ordering compare_by_parts(Wide a, Wide b, Wide c, Wide d) noexcept {
    bool reversed = false;
    while (true) {
        auto const left = floor_of(a, b);
        auto const right = floor_of(c, d);
        auto const rest_left = a % b < 0 ? a % b + b : a % b;
        auto const rest_right = c % d < 0 ? c % d + d : c % d;
        auto order = left <=> right;
        bool const decided = left != right || rest_left == 0 || rest_right == 0;
        if (left == right && decided) order = rest_left <=> rest_right;
        if (decided) return reversed ? 0 <=> order : order;
        a = b;
        b = rest_left;
        c = d;
        d = rest_right;
        reversed = !reversed;
    }
}

constexpr int most_digits = 18;
constexpr int highest_exponent = 18;

/// The parts of a decimal number as JSON writes it: digits without leading and trailing zeros,
/// times 10^exponent.
struct Decimal {
    bool negative = false;
    std::array<char, most_digits> digits{};
    int count = 0;
    int exponent = 0;
};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads the grammar of RFC 8259 section 6 and nothing else.
class DecimalReader {
public:
    explicit DecimalReader(std::string_view text) : text_{text} {}

    std::optional<Decimal> read() {
        number_.negative = take('-');
        if (!is_digit(peek())) return std::nullopt;
        if (take('0')) {
            if (is_digit(peek())) return std::nullopt;
        } else {
            digits(false);
        }
        if (take('.')) {
            if (!is_digit(peek())) return std::nullopt;
            digits(true);
        }
        if ((take('e') || take('E')) && !read_exponent()) return std::nullopt;
        if (place_ != text_.size() || too_long_) return std::nullopt;
        return number_;
    }

private:
    char peek() const noexcept { return place_ < text_.size() ? text_[place_] : '\0'; }
    bool take(char c) noexcept {
        if (place_ >= text_.size() || text_[place_] != c) return false;
        ++place_;
        return true;
    }
    void digits(bool after_point) {
        for (; is_digit(peek()); ++place_) {
            if (after_point) --number_.exponent;
            keep(peek());
        }
    }
    /// Zeros wait until a digit after them makes them significant.
    void keep(char digit) {
        if (digit == '0') {
            if (number_.count == 0) return;  // a leading one
            ++number_.exponent;
            ++zeros_;
            return;
        }
        if (zeros_ >= most_digits - number_.count) {
            too_long_ = true;
            return;
        }
        number_.exponent -= zeros_;
        for (; zeros_ != 0; --zeros_)
            number_.digits[static_cast<std::size_t>(number_.count++)] = '0';
        number_.digits[static_cast<std::size_t>(number_.count++)] = digit;
    }
    bool read_exponent() {
        constexpr int far = 1'000'000;
        bool const negative = take('-');
        if (!negative) take('+');
        if (!is_digit(peek())) return false;
        int value = 0;
        for (; is_digit(peek()); ++place_) value = std::min(far, value * 10 + (peek() - '0'));
        number_.exponent += negative ? -value : value;
        return true;
    }

    std::string_view text_;
    std::size_t place_ = 0;
    Decimal number_;
    int zeros_ = 0;
    bool too_long_ = false;
};

/// A number as charts write it: digits, perhaps a point among them, no exponent, not too long.
struct Plain {
    std::int64_t digits = 0;  ///< without zeros at the end of a fraction
    std::size_t decimals = 0;
};

constexpr auto small_powers_of_ten = [] {
    std::array<std::int64_t, most_digits> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

/// None for what is written in another way, or is no number.
std::optional<Plain> read_plain(std::string_view text) noexcept {
    bool const negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || text.size() > most_digits || !is_digit(text.front())) return std::nullopt;
    Plain plain;
    std::size_t place = 0;
    for (; place < text.size() && is_digit(text[place]); ++place)
        plain.digits = plain.digits * 10 + (text[place] - '0');
    if (place > 1 && text.front() == '0') return std::nullopt;
    if (place < text.size()) {
        if (text[place] != '.' || !is_digit(text.back())) return std::nullopt;
        plain.decimals = text.size() - ++place;
        for (; place < text.size(); ++place) {
            if (!is_digit(text[place])) return std::nullopt;
            plain.digits = plain.digits * 10 + (text[place] - '0');
        }
        for (; plain.decimals != 0 && plain.digits % 10 == 0; --plain.decimals) plain.digits /= 10;
    }
    if (negative) plain.digits = -plain.digits;
    return plain;
}

Wide power_of_ten(int exponent) noexcept {
    Wide power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

}  // namespace

Rational Rational::make(Wide numerator, Wide denominator) {
    constexpr Wide comfortable = Wide{1} << 62U;
    if (denominator == 0) return invalid_number();
    if (denominator < 0) {
        if (numerator == smallest || denominator == smallest) reduce(numerator, denominator);
        if (numerator == smallest || denominator == smallest) return invalid_number();
        if (denominator < 0) {
            numerator = -numerator;
            denominator = -denominator;
        }
    }
    // A gcd of 128 bits is slow, and most numbers of a chart never need one.
    if (denominator > comfortable || numerator > comfortable || numerator < -comfortable)
        reduce(numerator, denominator);
    return {numerator, denominator};
}

Rational Rational::ratio(long long numerator, long long denominator) {
    return make(numerator, denominator);
}

std::optional<Rational> Rational::parse(std::string_view decimal) {
    if (auto const plain = read_plain(decimal))
        return Rational{plain->digits, small_powers_of_ten[plain->decimals]};
    constexpr std::size_t longest = 512;  // far beyond any value, and keeps the counts small
    if (decimal.size() > longest) return std::nullopt;
    auto const number = DecimalReader{decimal}.read();
    if (!number) return std::nullopt;
    if (number->count == 0) return Rational{};
    Wide digits = 0;
    for (int i = 0; i < number->count; ++i)
        digits = digits * 10 + (number->digits[static_cast<std::size_t>(i)] - '0');
    auto const top = number->count - 1 + number->exponent;
    bool const is_the_highest = top == highest_exponent && digits == 1;
    if (top < -highest_exponent || (top >= highest_exponent && !is_the_highest))
        return std::nullopt;
    if (number->negative) digits = -digits;
    if (number->exponent >= 0) return make(digits * power_of_ten(number->exponent), 1);
    return make(digits, power_of_ten(-number->exponent));
}

Rational Rational::operator+(Rational const& other) const {
    Wide n = 0;
    Wide d = 0;
    if (!valid() || !other.valid() ||
        !add_fractions(numerator_, denominator_, other.numerator_, other.denominator_, n, d))
        return invalid_number();
    return make(n, d);
}

Rational Rational::operator-(Rational const& other) const {
    auto opposite = other;
    if (__builtin_sub_overflow(Wide{0}, other.numerator_, &opposite.numerator_))
        return invalid_number();
    return *this + opposite;
}

Rational Rational::operator*(Rational const& other) const {
    Wide n = 0;
    Wide d = 0;
    if (!valid() || !other.valid() ||
        !multiply_fractions(numerator_, denominator_, other.numerator_, other.denominator_, n, d))
        return invalid_number();
    return make(n, d);
}

Rational Rational::operator/(Rational const& other) const {
    Wide n = 0;
    Wide d = 0;
    if (!valid() || !other.valid() || other.numerator_ == 0 ||
        !multiply_fractions(numerator_, denominator_, other.denominator_, other.numerator_, n, d))
        return invalid_number();
    return make(n, d);
}

std::partial_ordering Rational::operator<=>(Rational const& other) const {
    if (!valid() || !other.valid()) return std::partial_ordering::unordered;
    if (denominator_ == other.denominator_) return numerator_ <=> other.numerator_;
    Wide left = 0;
    Wide right = 0;
    if (product(numerator_, other.denominator_, left) &&
        product(other.numerator_, denominator_, right))
        return left <=> right;
    return compare_by_parts(numerator_, denominator_, other.numerator_, other.denominator_);
}

Rational Rational::rounded(int decimals) const {
    if (!valid()) return *this;
    if (decimals < 0) {
        if (decimals < -highest_exponent) return invalid_number();
        Rational const unit = make(power_of_ten(-decimals), 1);
        return (*this / unit).rounded(0) * unit;
    }
    if (decimals > 2 * highest_exponent) return invalid_number();
    // Long division, digit by digit, so that numerator * 10^decimals need not fit.
    auto const divisor = static_cast<Magnitude>(denominator_);
    auto quotient = magnitude(numerator_) / divisor;
    auto rest = magnitude(numerator_) % divisor;
    constexpr auto highest = static_cast<Magnitude>(std::numeric_limits<Wide>::max());
    for (int i = 0; i < decimals && rest != 0; ++i) {
        if (quotient > highest / 10 - 1 || rest > highest / 5) return invalid_number();
        quotient = quotient * 10 + rest * 10 / divisor;
        rest = rest * 10 % divisor;
        if (rest == 0) decimals = i + 1;
    }
    if (magnitude(numerator_) % divisor == 0) decimals = 0;
    if (rest >= divisor - rest) ++quotient;
    if (quotient > highest) return invalid_number();
    auto const whole = static_cast<Wide>(quotient);
    return make(numerator_ < 0 ? -whole : whole, power_of_ten(decimals));
}

Rational Rational::floor_to(Rational const& step) const {
    auto const steps = *this / step;
    if (!steps.valid() || !(step > Rational{0})) return invalid_number();
    return make(floor_of(steps.numerator_, steps.denominator_), 1) * step;
}

Rational Rational::ceil_to(Rational const& step) const {
    return Rational{0} - (Rational{0} - *this).floor_to(step);
}

std::string Rational::text(int max_decimals) const {
    max_decimals = std::clamp(max_decimals, 0, highest_exponent);
    auto const number = rounded(max_decimals);
    if (!number.valid()) return {};
    auto const divisor = static_cast<Magnitude>(number.denominator_);
    auto whole = magnitude(number.numerator_) / divisor;
    auto rest = magnitude(number.numerator_) % divisor;
    std::string text;
    do {
        text += static_cast<char>('0' + static_cast<int>(whole % 10));
        whole /= 10;
    } while (whole != 0);
    if (number.numerator_ < 0) text += '-';
    std::reverse(text.begin(), text.end());
    if (rest != 0) text += '.';
    for (; rest != 0; rest = rest * 10 % divisor)
        text += static_cast<char>('0' + static_cast<int>(rest * 10 / divisor));
    return text;
}

double Rational::approximate() const noexcept {
    if (!valid()) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(numerator_) / static_cast<double>(denominator_);
}

}  // namespace cds::base
