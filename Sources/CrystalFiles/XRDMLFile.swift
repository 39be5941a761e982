import Crystallography

/// PANalytical XRDML (schemas 1.x and 2.x). `intensities` are corrected for the beam attenuator already;
/// `counts` are not and are multiplied by `beamAttenuationFactors`.
enum XRDMLFile {
    static func parse(_ bytes: [UInt8], file: String) throws(CrystalFileError) -> PowderPattern {
        func fault(_ problem: String, _ remedy: String = "give a complete file") -> CrystalFileError {
            CrystalFileError(file: file, problem: problem, remedy: remedy)
        }
        guard let tree = XMLTree(bytes) else { throw fault("the XML is damaged") }
        let points = tree.descendants("dataPoints")
        guard let point = points.first else { throw fault("no dataPoints", "give a measured scan") }
        guard points.count == 1 else {
            throw fault("\(points.count) scans in one file", "export them one by one")
        }
        let intensities = tree.descendants("intensities", of: point).first
        guard let node = intensities ?? tree.descendants("counts", of: point).first,
            var values = tree.numbers(node), !values.isEmpty
        else { throw fault("no intensities") }
        if let scan = tree.descendants("scan").first, let axis = tree.nodes[scan].attributes["scanAxis"],
            ScanAxis.isOtherAxis(axis)
        {
            throw fault("the scan \"\(axis)\" does not move 2θ", "give a 2θ or coupled θ–2θ scan")
        }
        // What one count of a point has become: attenuator times normalisation to one counting time.
        var scale = [Double](repeating: 1, count: values.count)
        if let factorNode = tree.descendants("beamAttenuationFactors", of: point).first {
            guard let factors = tree.numbers(factorNode), factors.count == values.count else {
                throw fault("the attenuation factors do not fit the points")
            }
            if intensities == nil { values = zip(values, factors).map { $0 * $1 } }
            guard factors.allSatisfy({ $0 > 0 }) else { throw fault("an attenuation factor is not above 0") }
            scale = factors
        }
        var remarks: [String] = []
        if let times = try countingTimes(tree, of: point, count: values.count, file: file),
            let longest = times.max(), let shortest = times.min(), shortest < longest
        {
            for i in values.indices {
                values[i] *= longest / times[i]
                scale[i] *= longest / times[i]
            }
            remarks.append(
                "counting times from \(shortest) to \(longest) s: intensities are scaled to the longest")
        }
        let sigma = AbsorberStatistics.sigma(intensity: values, factor: scale)
        guard
            let positions = tree.descendants("positions", of: point).first(where: {
                tree.nodes[$0].attributes["axis"] == "2Theta"
            })
        else { throw fault("the scan does not move 2θ", "give a 2θ or coupled θ–2θ scan") }
        let twoTheta: [Double]
        if let list = tree.descendants("listPositions", of: positions).first {
            guard let angles = tree.numbers(list), angles.count == values.count else {
                throw fault("the angles do not fit the intensities")
            }
            twoTheta = angles
        } else if let start = tree.number("startPosition", of: positions),
            let end = tree.number("endPosition", of: positions), values.count > 1
        {
            guard end != start else {
                throw fault("the scan does not move 2θ", "give a 2θ or coupled θ–2θ scan")
            }
            let step = (end - start) / Double(values.count - 1)
            twoTheta = values.indices.map { start + Double($0) * step }
        } else {
            throw fault("no 2θ positions", "give a 2θ or coupled θ–2θ scan")
        }
        let status = tree.descendants("scan").first.flatMap { tree.nodes[$0].attributes["status"] } ?? ""
        if status.lowercased().hasPrefix("abort") || status.lowercased().hasPrefix("not") {
            remarks.append(
                "the scan was \(status.lowercased()): its points are spread over the positions that the file states"
            )
        }
        return PowderPattern(
            title: tree.descendants("sample").first.flatMap { tree.text("name", of: $0) } ?? "",
            twoTheta: twoTheta, intensity: values, sigma: sigma, uncertaintySource: .counting,
            radiation: .doublet(
                alpha1: tree.number("kAlpha1"), alpha2: tree.number("kAlpha2"),
                ratio: tree.number("ratioKAlpha2KAlpha1")), remarks: remarks)
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
