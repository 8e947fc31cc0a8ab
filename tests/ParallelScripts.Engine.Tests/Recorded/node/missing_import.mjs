import { fit } from "./prices.js";
import "./not-there.mjs";
