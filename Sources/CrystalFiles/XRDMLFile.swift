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
        var sigma: [Double]?
        if let factorNode = tree.descendants("beamAttenuationFactors", of: point).first {
            guard let factors = tree.numbers(factorNode), factors.count == values.count else {
                throw fault("the attenuation factors do not fit the points")
            }
            if intensities == nil { values = zip(values, factors).map { $0 * $1 } }
            sigma = AbsorberStatistics.sigma(intensity: values, factor: factors)
        }
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
            let step = (end - start) / Double(values.count - 1)
            twoTheta = values.indices.map { start + Double($0) * step }
        } else {
            throw fault("no 2θ positions", "give a 2θ or coupled θ–2θ scan")
        }
        return PowderPattern(
            title: tree.descendants("sample").first.flatMap { tree.text("name", of: $0) } ?? "",
            twoTheta: twoTheta, intensity: values, sigma: sigma,
            radiation: .doublet(
                alpha1: tree.number("kAlpha1"), alpha2: tree.number("kAlpha2"),
                ratio: tree.number("ratioKAlpha2KAlpha1")))
    }
}
