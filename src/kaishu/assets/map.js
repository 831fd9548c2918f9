// A map of one GeoJSON file (WGS-84), drawn by Leaflet; without a tile service the places alone.
(() => {
  "use strict";
  const { element, fetched, style } = self.ksParts;
  // So many places are offered by name at once; of more, those whose name has what was typed.
  const LISTED = 200;

  const described = (properties, labels) => {
    const list = element("dl", { className: "ks-map__facts", tabIndex: -1 });
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === "") continue;
      const words = typeof value === "object" ? JSON.stringify(value) : String(value);
      list.append(element("dt", {}, labels[name] || name), element("dd", {}, words));
    }
    return list;
  };

  const named = (feature) => Object.values(feature.properties || {}).find((value) => typeof value === "string" && value);

  // The places by name, for whoever uses no mouse: each opens its facts on the map, and Escape leads back.
  const listed = (map, layers, words) => {
    const all = layers.map((layer, n) => ({ layer, name: named(layer.feature) || String(n + 1) }));
    const list = element("ul", { className: "ks-places" });
    const parts = [list];
    let from = null;
    map.on("popupclose", () => { from?.focus({ preventScroll: true }); from = null; });
    const show = (shown) => list.replaceChildren(...shown.map(({ layer, name }) => {
      const button = element("button", { type: "button", className: "ks-button" }, name);
      button.addEventListener("click", () => {
        const place = layer.getBounds ? layer.getBounds() : layer.getLatLng().toBounds(2000);
        map.fitBounds(place, { maxZoom: 15, animate: false });
        layer.openPopup();
        map.getContainer().scrollIntoView({ block: "nearest" });
        // Scrolling to what has the focus would shift the map within its frame.
        layer.getPopup().getElement().querySelector(".ks-map__facts").focus({ preventScroll: true });
        from = button;
      });
      return element("li", {}, button);
    }));
    show(all.slice(0, LISTED));
    if (all.length > LISTED) {
      const find = element("input", { type: "search", className: "ks-places__find", placeholder: words.find });
      find.setAttribute("aria-label", words.find);
      const status = element("p", { className: "ks-quiet" });
      status.setAttribute("role", "status");
      const narrow = () => {
        const typed = find.value.trim().toLowerCase();
        const shown = all.filter(({ name }) => name.toLowerCase().includes(typed)).slice(0, LISTED);
        show(shown);
        status.textContent = words.listed.replace("{shown}", shown.length).replace("{all}", all.length.toLocaleString());
      };
      find.addEventListener("input", narrow);
      narrow();
      parts.unshift(find, status);
    }
    return element("details", { className: "ks-profile" }, element("summary", {}, words.places), ...parts);
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
      // Keys of tile services are bound to the portal's host; more than that is not told.
      const options = { maxZoom: 18, referrerPolicy: "origin" };
      dataset.tiles.split(" ").forEach((address, n) => L.tileLayer(address, { ...options, ...(n ? {} : { attribution }) }).addTo(map));
    }
    const looks = () => ({ color: token("--ks-link"), weight: 2, fillColor: token("--ks-link"), fillOpacity: 0.35 });
    const layer = L.geoJSON(document_, {
      style: looks,
      filter: (feature) => Boolean(feature.geometry),
      pointToLayer: (_feature, place) => L.circleMarker(place, { ...looks(), radius: 6 }),
      onEachFeature: (feature, one) => {
        one.bindPopup(() => described(feature.properties, labels), { maxWidth: 260 });
        const name = named(feature);
        if (name) one.bindTooltip(element("span", {}, name));
      },
    }).addTo(map);
    map.on("popupopen", ({ popup }) => {
      // Leaflet's own word for it is English.
      popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", dataset.close);
    });
    area.addEventListener("keydown", ({ key }) => { if (key === "Escape") map.closePopup(); });
    const bounds = layer.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 14, animate: false });
    else map.setView([35, 105], 3);
    const shown = layer.getLayers().length;
    if (shown) figure.append(listed(map, layer.getLayers(), dataset));
    figure.dataset.drawn = String(shown);
    figure.querySelector(".ks-map-figure__count").textContent = dataset.count.replace("{n}", shown.toLocaleString());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => layer.setStyle(looks()));
  };
})();
