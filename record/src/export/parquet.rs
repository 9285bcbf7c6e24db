//! As Parquet: one group of rows, every column a text that may have no value.

use std::sync::Arc;

use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use super::{COLUMNS, ExportError, Table};

/// The file's bytes: the same for the same table.
pub(super) fn bytes(table: &Table) -> Result<Vec<u8>, ExportError> {
    let fields = COLUMNS.iter().map(|(name, _)| {
        let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_converted_type(ConvertedType::UTF8)
            .with_logical_type(Some(LogicalType::String));
        Ok(Arc::new(column.build()?))
    });
    let fields = fields.collect::<Result<Vec<_>, ExportError>>()?;
    let schema = Type::group_type_builder("record").with_fields(fields).build()?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let mut index = 0;
    while let Some(mut column) = group.next_column()? {
        let cells = || table.rows.iter().map(|row| row[index].as_deref());
        let levels: Vec<i16> = cells().map(|cell| i16::from(cell.is_some())).collect();
        let values: Vec<ByteArray> =
            cells().flatten().map(|text| text.as_bytes().to_vec().into()).collect();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        column.close()?;
        index += 1;
    }
    group.close()?;
    Ok(writer.into_inner()?)
}
