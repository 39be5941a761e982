import Crystallography

/// PANalytical XRDML (schemas 1.x and 2.x). `intensities` are corrected for the beam attenuator already;
/// `counts` are not and are multiplied by `beamAttenuationFactors`.
enum XRDMLFile {
    static func parse(_ bytes: [UInt8], file: String) throws(CrystalFileError) -> PowderPattern {
        guard let tree = XMLTree(bytes) else { throw fault(file, "the XML is damaged") }
        let points = tree.descendants("dataPoints")
        guard let point = points.first else { throw fault(file, "no dataPoints", "give a measured scan") }
        guard points.count == 1 else {
            throw fault(file, "\(points.count) scans in one file", "export them one by one")
        }
        var scan = try intensities(tree, of: point, file: file)
        let twoTheta = try angles(tree, of: point, count: scan.values.count, file: file)
        let status = tree.descendants("scan").first.flatMap { tree.nodes[$0].attributes["status"] } ?? ""
        if status.lowercased().hasPrefix("abort") || status.lowercased().hasPrefix("not") {
            scan.remarks.append(
                "the scan was \(status.lowercased()): its points are spread over the positions that the file states"
            )
        }
        return PowderPattern(
            title: tree.descendants("sample").first.flatMap { tree.text("name", of: $0) } ?? "",
            twoTheta: twoTheta, intensity: scan.values,
            sigma: AbsorberStatistics.sigma(intensity: scan.values, factor: scan.scale),
            uncertaintySource: .counting,
            radiation: .doublet(
                alpha1: tree.number("kAlpha1"), alpha2: tree.number("kAlpha2"),
                ratio: tree.number("ratioKAlpha2KAlpha1")), remarks: scan.remarks)
    }

    private static func fault(
        _ file: String, _ problem: String, _ remedy: String = "give a complete file"
    ) -> CrystalFileError {
        CrystalFileError(file: file, problem: problem, remedy: remedy)
    }

    /// Intensities of a scan, and what one count of a point has become: attenuator times normalisation to one counting time.
    private struct Scan {
        var values: [Double]
        var scale: [Double]
        var remarks: [String] = []
    }

    private static func intensities(
        _ tree: XMLTree, of point: Int, file: String
    ) throws(CrystalFileError) -> Scan {
        let intensities = tree.descendants("intensities", of: point).first
        guard let node = intensities ?? tree.descendants("counts", of: point).first,
            let values = tree.numbers(node), !values.isEmpty
        else { throw fault(file, "no intensities") }
        if let scan = tree.descendants("scan").first, let axis = tree.nodes[scan].attributes["scanAxis"],
            ScanAxis.isOtherAxis(axis)
        {
            throw fault(
                file, "the scan \"\(axis)\" does not move 2θ", "give a 2θ or coupled θ–2θ scan")
        }
        var scan = Scan(values: values, scale: [Double](repeating: 1, count: values.count))
        if let factorNode = tree.descendants("beamAttenuationFactors", of: point).first {
            guard let factors = tree.numbers(factorNode), factors.count == values.count else {
                throw fault(file, "the attenuation factors do not fit the points")
            }
            if intensities == nil { scan.values = zip(values, factors).map { $0 * $1 } }
            guard factors.allSatisfy({ $0 > 0 }) else {
                throw fault(file, "an attenuation factor is not above 0")
            }
            scan.scale = factors
        }
        if let times = try countingTimes(tree, of: point, count: values.count, file: file),
            let longest = times.max(), let shortest = times.min(), shortest < longest
        {
            for i in values.indices {
                scan.values[i] *= longest / times[i]
                scan.scale[i] *= longest / times[i]
            }
            scan.remarks.append(
                "counting times from \(shortest) to \(longest) s: intensities are scaled to the longest")
        }
        return scan
    }

    /// 2θ of every point: listed, or from the first to the last in even steps.
    private static func angles(
        _ tree: XMLTree, of point: Int, count: Int, file: String
    ) throws(CrystalFileError) -> [Double] {
        let remedy = "give a 2θ or coupled θ–2θ scan"
        guard
            let positions = tree.descendants("positions", of: point).first(where: {
                tree.nodes[$0].attributes["axis"] == "2Theta"
            })
        else { throw fault(file, "the scan does not move 2θ", remedy) }
        if let list = tree.descendants("listPositions", of: positions).first {
            guard let angles = tree.numbers(list), angles.count == count else {
                throw fault(file, "the angles do not fit the intensities")
            }
            return angles
        }
        guard let start = tree.number("startPosition", of: positions),
            let end = tree.number("endPosition", of: positions), count > 1
        else { throw fault(file, "no 2θ positions", remedy) }
        guard end != start else { throw fault(file, "the scan does not move 2θ", remedy) }
        let step = (end - start) / Double(count - 1)
        return (0..<count).map { start + Double($0) * step }
    }

    /// Seconds of each point, where they are listed; one common time needs no σ.
    private static func countingTimes(
        _ tree: XMLTree, of point: Int, count: Int, file: String
    ) throws(CrystalFileError) -> [Double]? {
        guard let node = tree.descendants("countingTimes", of: point).first else { return nil }
        guard let times = tree.numbers(node), times.count == count, times.allSatisfy({ $0 > 0 }) else {
            throw CrystalFileError(
                file: file, problem: "the counting times do not fit the points",
                remedy: "give a complete file")
        }
        return times
    }
}
