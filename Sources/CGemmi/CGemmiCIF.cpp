#include "CGemmiCIF.h"

#include <gemmi/cif.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

struct Column {
    std::string tag;
    size_t line;
    size_t loop;
    std::vector<std::optional<std::string>> values;
};

struct Block {
    std::string name;
    std::vector<Column> columns;
};

std::optional<std::string> decoded(const std::string &raw) {
    // An item without a value has an empty string here.
    if (raw.empty() || gemmi::cif::is_null(raw)) return std::nullopt;
    return gemmi::cif::as_string(raw);
}

void append(const gemmi::cif::Item &item, size_t loop, Block &block) {
    const size_t line = item.line_number > 0 ? static_cast<size_t>(item.line_number) : 0;
    if (item.type == gemmi::cif::ItemType::Pair) {
        block.columns.push_back({item.pair[0], line, loop, {decoded(item.pair[1])}});
        return;
    }
    if (item.type != gemmi::cif::ItemType::Loop) return;
    const size_t width = item.loop.tags.size();
    for (size_t i = 0; i < width; ++i) {
        Column column{item.loop.tags[i], line, loop, {}};
        column.values.reserve(item.loop.values.size() / width);
        for (size_t k = i; k < item.loop.values.size(); k += width)
            column.values.push_back(decoded(item.loop.values[k]));
        block.columns.push_back(std::move(column));
    }
}

void report(const char *text, size_t at, char *message, size_t capacity, size_t *line) {
    if (line) *line = at;
    if (!message || capacity == 0) return;
    const size_t length = std::min(std::strlen(text), capacity - 1);
    std::memcpy(message, text, length);
    message[length] = '\0';
}

}  // namespace

struct cgemmi_cif_document {
    std::vector<Block> blocks;
};

cgemmi_cif_document *cgemmi_cif_parse(
    const char *text, size_t size, char *message, size_t message_capacity, size_t *line) {
    try {
        gemmi::cif::Document parsed;
        tao::pegtl::memory_input<> input(text, size, "CIF");
        // Not gemmi's read_input: it refuses a whole file for one duplicated or empty item.
        gemmi::cif::parse_input(parsed, input);
        auto document = std::make_unique<cgemmi_cif_document>();
        for (const gemmi::cif::Block &from : parsed.blocks) {
            Block block{from.name, {}};
            size_t loop = 0;
            for (const gemmi::cif::Item &item : from.items) append(item, loop++, block);
            document->blocks.push_back(std::move(block));
        }
        return document.release();
    } catch (const tao::pegtl::parse_error &error) {
        const auto &positions = error.positions();
        const std::string reason(error.message());
        report(reason.c_str(), positions.empty() ? 0 : positions.front().line, message, message_capacity,
               line);
    } catch (const std::exception &error) {
        report(error.what(), 0, message, message_capacity, line);
    } catch (...) {
        report("unknown failure", 0, message, message_capacity, line);
    }
    return nullptr;
}

void cgemmi_cif_free(cgemmi_cif_document *document) { delete document; }

size_t cgemmi_cif_block_count(const cgemmi_cif_document *document) { return document->blocks.size(); }

const char *cgemmi_cif_block_name(const cgemmi_cif_document *document, size_t block) {
    return document->blocks[block].name.c_str();
}

size_t cgemmi_cif_column_count(const cgemmi_cif_document *document, size_t block) {
    return document->blocks[block].columns.size();
}

const char *cgemmi_cif_column_tag(const cgemmi_cif_document *document, size_t block, size_t column) {
    return document->blocks[block].columns[column].tag.c_str();
}

size_t cgemmi_cif_column_line(const cgemmi_cif_document *document, size_t block, size_t column) {
    return document->blocks[block].columns[column].line;
}

size_t cgemmi_cif_column_loop(const cgemmi_cif_document *document, size_t block, size_t column) {
    return document->blocks[block].columns[column].loop;
}

size_t cgemmi_cif_value_count(const cgemmi_cif_document *document, size_t block, size_t column) {
    return document->blocks[block].columns[column].values.size();
}

const char *cgemmi_cif_value(
    const cgemmi_cif_document *document, size_t block, size_t column, size_t row) {
    const auto &value = document->blocks[block].columns[column].values[row];
    return value ? value->c_str() : nullptr;
}
