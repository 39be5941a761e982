#ifndef WYCKOFF_CGEMMI_CIF_H
#define WYCKOFF_CGEMMI_CIF_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed CIF. Strings that its functions return live as long as the document.
typedef struct cgemmi_cif_document cgemmi_cif_document;

/// Parses CIF text. On failure returns NULL, writes a zero-terminated reason to `message` (cut to
/// `message_capacity`) and the line, counted from 1, to `line` (0 where there is none).
cgemmi_cif_document *cgemmi_cif_parse(
    const char *text, size_t size, char *message, size_t message_capacity, size_t *line);

void cgemmi_cif_free(cgemmi_cif_document *document);

size_t cgemmi_cif_block_count(const cgemmi_cif_document *document);
const char *cgemmi_cif_block_name(const cgemmi_cif_document *document, size_t block);

/// A column is one tag with its values: one for an item, any number for a loop.
size_t cgemmi_cif_column_count(const cgemmi_cif_document *document, size_t block);
const char *cgemmi_cif_column_tag(const cgemmi_cif_document *document, size_t block, size_t column);
/// The line of the item, or of the `loop_` that holds the column.
size_t cgemmi_cif_column_line(const cgemmi_cif_document *document, size_t block, size_t column);
/// Columns of one loop share this number; an item has one of its own.
size_t cgemmi_cif_column_loop(const cgemmi_cif_document *document, size_t block, size_t column);
size_t cgemmi_cif_value_count(const cgemmi_cif_document *document, size_t block, size_t column);
/// The value without its quotes; NULL for an unquoted `?` or `.`.
const char *cgemmi_cif_value(const cgemmi_cif_document *document, size_t block, size_t column, size_t row);

#ifdef __cplusplus
}
#endif

#endif
