import Foundation
import Publishing

/// What the pointer over a map reads.
extension SurfacePlot {
    package var reading: PointerReading {
        PointerReading(
            kind: "surface", prompt: "Move over the map, or tap it, to read values.", hasLine: false,
            data: hoverData, script: Self.script)
    }

    /// What the page's script needs to know.
    private var hoverData: String {
        let frame = Self.pageFrame
        let names = [x.name, y.name, valueName].map { JSONDialect.quoted($0) }.joined(separator: ",")
        let units = [x.unit, y.unit].map { JSONDialect.quoted($0) }.joined(separator: ",")
        return """
            {\(frame.members),\
            "names":[\(names)],"units":[\(units)],"x":\(JSONDialect.array(x.values)),"y":\(JSONDialect.array(y.values)),\
            "v":[\(values.map { JSONDialect.array($0) }.joined(separator: ","))]}
            """
    }

    /// Reads the grid point under the pointer.
    private static let script = """
        document.querySelectorAll('figure.surface').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),plot=f.querySelector('.plot'),out=f.querySelector('.readout');
        function at(s,n){return Math.max(0,Math.min(n-1,Math.floor(s*n)))}
        function read(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left),t=1-((e.clientY-r.top)/r.height-(1-d.top))/(d.top-d.bottom);
        if(s<0||s>1||t<0||t>1)return;var i=at(s,d.x.length),j=at(t,d.y.length),v=d.v[j][i];out.textContent='';
        [[d.names[0]+' ',d.x[i]+' '+d.units[0]],['  '+d.names[1]+' ',d.y[j]+' '+d.units[1]],['  '+d.names[2]+' ',v===null?'–':v.toPrecision(5)]].forEach(function(q){out.append(q[0]);var b=document.createElement('b');b.textContent=q[1];out.append(b)})}
        ['pointermove','pointerdown'].forEach(function(k){plot.addEventListener(k,read)})});
        """
}
