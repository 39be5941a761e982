import Crystallography
import NumericalMethods

/// The displacement parameters of the atom-site loop and of the anisotropic loop: U, B and β.
struct CIFDisplacementReader {
    struct Value {
        var displacement: Displacement
        /// Of B, or of U11 U22 U33 U12 U13 U23; 0 where the file gives none.
        var uncertainties: [Double]
    }

    let block: CIFBlock
    private var anisotropic: [String: Value] = [:]
    private let isotropic: [(column: CIFColumn, isU: Bool)]
    private let types: [String?]?
    private(set) var warnings: [ReadingWarning] = []
    private var unused: Set<String> = []

    /// U = B / 8π².
    static let eightPiSquared = 8 * Double.pi * Double.pi
    /// Å²; a larger U is an atom that moves by its own radius, or a B in the column of U.
    static let largestU = 0.3

    init(block: CIFBlock, loop: Int, lattice: Lattice) throws(CrystalFileError) {
        self.block = block
        func column(_ tags: String...) -> CIFColumn? {
            tags.lazy.compactMap { block.column($0) }.first { $0.loop == loop }
        }
        types = column("_atom_site_adp_type", "_atom_site_thermal_displace_type")?.values
        let u = column("_atom_site_U_iso_or_equiv", "_atom_site_U_equiv_geom_mean")
        let b = column("_atom_site_B_iso_or_equiv", "_atom_site_B_equiv_geom_mean")
        isotropic = (b.map { [($0, false)] } ?? []) + (u.map { [($0, true)] } ?? [])
        try readTensors(lattice: lattice)
    }

    /// The tensor of the label, else the row's B or U.
    mutating func value(row: Int, label: String) throws(CrystalFileError) -> Value? {
        if let tensor = anisotropic[label] {
            unused.remove(label)
            return tensor
        }
        for (column, isU) in isotropic {
            guard let text = column.values[row] else { continue }
            guard let (number, uncertainty) = TextNumber.measured(text) else {
                throw block.error("\"\(text)\" is not a number", at: column, remedy: "give a number")
            }
            let factor = isU ? Self.eightPiSquared : 1
            var b = number * factor
            var su = (uncertainty ?? 0) * factor
            if isU, number > Self.largestU {
                let saysB = types?[row]?.lowercased().hasPrefix("b") ?? false
                if saysB { (b, su) = (number, uncertainty ?? 0) }
                warnings.append(.largeU(label: label, value: number, isTakenAsB: saysB))
            }
            if number < 0 { warnings.append(.negative(label: label, value: number, isU: isU)) }
            return Value(displacement: .isotropic(b: b), uncertainties: [su])
        }
        return nil
    }

    /// To be asked when all sites are read.
    var leftOver: [ReadingWarning] { unused.isEmpty ? [] : [.tensorsWithoutSite(unused.sorted())] }

    // MARK: Tensors

    private mutating func readTensors(lattice: Lattice) throws(CrystalFileError) {
        guard let labels = block.column("_atom_site_aniso_label", "_atom_site_anisotrop_id") else { return }
        let reciprocal = lattice.reciprocal.lengths
        // β_ij = 2π² a*_i a*_j U_ij.
        let forms: [(name: String, factor: (Int, Int) -> Double)] = [
            ("U", { _, _ in 1 }), ("B", { _, _ in 1 / Self.eightPiSquared }),
            ("beta", { 1 / (2 * Double.pi * Double.pi * reciprocal[$0] * reciprocal[$1]) }),
        ]
        let columns = forms.map { form in
            Self.places.map { i, j -> CIFColumn? in
                let column = block.column("_atom_site_aniso_\(form.name)_\(i + 1)\(j + 1)")
                return column?.loop == labels.loop ? column : nil
            }
        }
        guard columns.contains(where: { $0.contains { $0 != nil } }) else {
            warnings.append(.tensorsWithoutForm)
            return
        }
        for row in labels.values.indices {
            guard let label = labels.values[row] else { continue }
            var isGiven = false
            for (form, columns) in zip(forms, columns) {
                let texts = columns.map { $0?.values[row] }
                guard texts.contains(where: { $0 != nil }) else { continue }
                isGiven = true
                guard let value = try tensor(texts, of: label, columns, factor: form.factor) else { continue }
                anisotropic[label] = value
                unused.insert(label)
                break
            }
            if isGiven, anisotropic[label] == nil {
                warnings.append(.tensorIncomplete(label: label))
            }
        }
    }

    private static let places = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]

    /// nil where one of the six is missing.
    private mutating func tensor(
        _ texts: [String?], of label: String, _ columns: [CIFColumn?], factor: (Int, Int) -> Double
    ) throws(CrystalFileError) -> Value? {
        var values: [Double] = []
        var uncertainties: [Double] = []
        for (k, text) in texts.enumerated() {
            guard let text else { return nil }
            guard let (value, uncertainty) = TextNumber.measured(text) else {
                throw block.error(
                    "\"\(text)\" of \(label) is not a number", at: columns[k], remedy: "give a number")
            }
            let scale = factor(Self.places[k].0, Self.places[k].1)
            values.append(value * scale)
            uncertainties.append((uncertainty ?? 0) * scale)
        }
        let u = Matrix3(
            rows: SIMD3(values[0], values[3], values[4]), SIMD3(values[3], values[1], values[5]),
            SIMD3(values[4], values[5], values[2]))
        if !Self.isPositive(u) {
            warnings.append(.tensorNotPositive(label: label))
        } else if values[..<3].contains(where: { $0 > Self.largestU }) {
            warnings.append(.largeTensor(label: label, value: values[..<3].reduce(0, max)))
        }
        return Value(displacement: .anisotropic(u: u), uncertainties: uncertainties)
    }

    /// By the leading minors; zero is an atom at rest. The basis a*ᵢ only scales rows and columns.
    private static func isPositive(_ u: Matrix3) -> Bool {
        let slack = 1e-12
        let second = u[0, 0] * u[1, 1] - u[0, 1] * u[0, 1]
        let others = [
            u[0, 0] * u[2, 2] - u[0, 2] * u[0, 2], u[1, 1] * u[2, 2] - u[1, 2] * u[1, 2],
        ]
        return (0..<3).allSatisfy { u[$0, $0] >= 0 } && second >= -slack
            && others.allSatisfy { $0 >= -slack } && u.determinant >= -slack
    }
}
