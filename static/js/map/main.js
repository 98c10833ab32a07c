// Everything the editor of a map does, one module per behaviour.
import "./core.js";
import "./grid.js";
import "./select.js";
import "./edit.js";
import "./conflict.js";
import "./keys.js";
import "./menus.js";
import "./details.js";
import "./pickers.js";
import "./handles.js";
import "./drag.js";
import "./emotion.js";
import "./join.js";
import "./paste.js";
import "./personas.js";
import "./palette.js";
