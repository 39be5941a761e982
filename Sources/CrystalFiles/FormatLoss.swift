import Crystallography

extension CrystalFile {
    /// What is lost when the records are written in a format, one sentence for each record that loses something: what
    /// the source stated and no record holds, and what the format has no place for. What would change the crystal, a
    /// shared site in a POSCAR, is an error of writing instead.
    public static func losses(of records: [CrystalRecord], in format: Format) -> [String] {
        records.flatMap { record -> [String] in
            let lost = record.unkept + (format == .poscar ? POSCARFile.losses(record.structure.sites) : [])
            var sentences = format == .cif ? CIFWriter(SymmetricCIF(record)).renamed : []
            if !lost.isEmpty {
                let name = record.name.isEmpty ? "the structure" : record.name
                sentences.append("not written, \(name): \(lost.joined(separator: ", "))")
            }
            return sentences
        }
    }
}
