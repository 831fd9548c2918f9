// A map of one GeoJSON file (WGS-84), drawn by Leaflet; without a tile service the places alone.
(() => {
  "use strict";
  const { element, fetched, style } = self.ksParts;

  const described = (properties, labels) => {
    const list = element("dl", { className: "ks-map__facts" });
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === "") continue;
      const words = typeof value === "object" ? JSON.stringify(value) : String(value);
      list.append(element("dt", {}, labels[name] || name), element("dd", {}, words));
    }
    return list;
  };

  self.ksParts.map = async (figure) => {
    const { dataset } = figure;
    const L = self.L;
    const labels = JSON.parse(dataset.labels);
    const [document_] = await Promise.all([fetched(dataset.file, "json"), style(dataset.style)]);
    figure.classList.remove("ks-waiting");
    const area = element("div", { className: "ks-map" });
    area.setAttribute("role", "application");
    area.setAttribute("aria-label", dataset.name);
    area.tabIndex = 0;
    figure.append(area);
    const token = (name) => getComputedStyle(figure).getPropertyValue(name).trim();
    const map = L.map(area, { preferCanvas: true, attributionControl: Boolean(dataset.tiles), zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
    L.control.zoom({ zoomInTitle: dataset.in, zoomOutTitle: dataset.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (dataset.tiles) {
      map.attributionControl.setPrefix(false);
      const attribution = element("span", {}, dataset.attribution || "").innerHTML;
      L.tileLayer(dataset.tiles, { maxZoom: 18, attribution }).addTo(map);
    }
    const looks = () => ({ color: token("--ks-link"), weight: 2, fillColor: token("--ks-link"), fillOpacity: 0.35 });
    const layer = L.geoJSON(document_, {
      style: looks,
      filter: (feature) => Boolean(feature.geometry),
      pointToLayer: (_feature, place) => L.circleMarker(place, { ...looks(), radius: 6 }),
      onEachFeature: (feature, one) => {
        one.bindPopup(() => described(feature.properties, labels), { maxWidth: 260 });
        const name = Object.values(feature.properties || {}).find((value) => typeof value === "string" && value);
        if (name) one.bindTooltip(element("span", {}, name));
      },
    }).addTo(map);
    const bounds = layer.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 14, animate: false });
    else map.setView([35, 105], 3);
    const shown = layer.getLayers().length;
    figure.dataset.drawn = String(shown);
    figure.querySelector(".ks-map-figure__count").textContent = dataset.count.replace("{n}", shown.toLocaleString());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => layer.setStyle(looks()));
  };
})();
