import Crystallography
import Foundation

/// Bruker BRML: a ZIP archive with `Experiment*/RawData*.xml`; every `Datum` is one point, and `DataViews`
/// say which column is what.
enum BRMLFile {
    static func parse(_ archive: ZipArchive, file: String) throws(CrystalFileError) -> PowderPattern {
        let names = archive.names.filter { $0.contains("/RawData") && $0.hasSuffix(".xml") }
        guard let name = names.first else {
            throw CrystalFileError(
                file: file, problem: "no measurement in the archive", remedy: "give a BRML file")
        }
        guard names.count == 1 else {
            throw CrystalFileError(
                file: file, problem: "\(names.count) measurements in one file",
                remedy: "export them one by one")
        }
        guard let bytes = try archive.contents(of: name), let tree = XMLTree(bytes) else {
            throw CrystalFileError(file: file, problem: "\(name) is damaged", remedy: "give a complete file")
        }
        let routes = tree.descendants("DataRoute")
        guard let route = routes.first(where: { !tree.descendants("Datum", of: $0).isEmpty }) else {
            throw CrystalFileError(
                file: file, problem: "no points in \(name)", remedy: "give a finished scan")
        }
        // The columns begin with measured time and absorption factor where no view says otherwise.
        let axes = tree.descendants("ScanAxisInfo", of: route).map {
            tree.nodes[$0].attributes["AxisId"] ?? ""
        }
        var axisStart = 2
        var factorColumn: Int?
        for view in tree.descendants("RawDataView", of: route) {
            let start = tree.nodes[view].attributes["Start"].flatMap { Int($0) }
            if tree.nodes[view].attributes["LogicName"] == "AbsorptionFactor" { factorColumn = start }
            let isScan = tree.descendants("Varying", of: view).contains {
                tree.nodes[$0].attributes["LogicName"] == "ScanAxes"
            }
            if isScan, let start { axisStart = start }
        }
        guard let axis = axes.firstIndex(of: "TwoTheta") else {
            throw CrystalFileError(
                file: file, problem: "the scan does not move 2θ", remedy: "give a 2θ or coupled θ–2θ scan")
        }
        var pattern = PowderPattern(twoTheta: [], intensity: [])
        var factors: [Double] = []
        for datum in tree.descendants("Datum", of: route) {
            guard let row = tree.numbers(datum, separator: { $0 == "," }), row.count > axisStart + axis + 1,
                let counts = row.last
            else {
                throw CrystalFileError(
                    file: file, problem: "a point is damaged", remedy: "give a complete file")
            }
            pattern.twoTheta.append(row[axisStart + axis])
            // Already multiplied by the absorption factor.
            pattern.intensity.append(counts)
            if let factorColumn, row.indices.contains(factorColumn) { factors.append(row[factorColumn]) }
        }
        pattern.uncertaintySource = .counting
        pattern.sigma = AbsorberStatistics.sigma(intensity: pattern.intensity, factor: factors)
        pattern.radiation = .doublet(
            alpha1: tree.number("WaveLengthAlpha1"), alpha2: tree.number("WaveLengthAlpha2"),
            ratio: tree.number("WaveLengthRatio"))
        return pattern
    }
}

/// Bruker RAW version 4: segments (type, length) from byte 61; a type of 0 or 160 begins a range of 160 bytes
/// header, its own segments, then the data, the intensity a 32-bit float at the head of each record.
enum BrukerRAWFile {
    static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("RAW".utf8)) }

    static func parse(_ bytes: [UInt8], file: String) throws(CrystalFileError) -> PowderPattern {
        func fault(_ problem: String, _ remedy: String = "give a complete file") -> CrystalFileError {
            CrystalFileError(file: file, problem: problem, remedy: remedy)
        }
        guard bytes.starts(with: Array("RAW4.00".utf8)) else {
            throw fault("Bruker RAW of an older version than 4", "export RAW 4, BRML or XY")
        }
        func integer(_ at: Int) -> Int? {
            guard at >= 0, at + 4 <= bytes.count else { return nil }
            return (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        func float(_ at: Int) -> Double? {
            integer(at).map { Double(Float(bitPattern: UInt32($0))) }
        }
        func double(_ at: Int) -> Double? {
            guard let low = integer(at), let high = integer(at + 4) else { return nil }
            return Double(bitPattern: UInt64(high) << 32 | UInt64(low))
        }
        var position = 61
        var pattern: PowderPattern?
        var radiation: Radiation?
        while position < bytes.count {
            guard let type = integer(position), let length = integer(position + 4) else { break }
            guard type == 0 || type == 160 else {
                guard length >= 8, position + length <= bytes.count else {
                    throw fault("the header is damaged")
                }
                if type == 30 {
                    radiation = .doublet(
                        alpha1: double(position + 80), alpha2: double(position + 88),
                        ratio: double(position + 104))
                }
                position += length
                continue
            }
            guard pattern == nil else { throw fault("several scans in one file", "export them one by one") }
            guard let start = double(position + 72), let step = double(position + 80),
                let count = integer(position + 88), let size = integer(position + 136),
                let header = integer(position + 140), start.isFinite, step.isFinite, step > 0, size >= 4,
                size <= 4096, count > 0, count < 100_000_000
            else { throw fault("the header of the scan is damaged") }
            let name = bytes[min(position + 32, bytes.count)..<min(position + 56, bytes.count)].prefix {
                $0 != 0
            }
            let scan = String(decoding: name, as: UTF8.self)
            guard !ScanAxis.isOtherAxis(scan) else {
                throw fault("the scan \"\(scan)\" does not move 2θ", "give a 2θ or coupled θ–2θ scan")
            }
            let data = position + 160 + header
            guard data + count * size <= bytes.count else {
                throw fault("\(count) points are announced, the file is shorter")
            }
            pattern = PowderPattern(
                twoTheta: (0..<count).map { start + Double($0) * step },
                intensity: (0..<count).map { float(data + $0 * size) ?? .nan })
            if radiation == nil {
                radiation = .doublet(alpha1: double(position + 112), alpha2: nil, ratio: nil)
            }
            position = data + count * size
        }
        guard var pattern else { throw fault("no scan in the file") }
        pattern.radiation = radiation
        return pattern
    }
}
