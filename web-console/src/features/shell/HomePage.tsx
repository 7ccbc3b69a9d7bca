import { Navigate } from "@tanstack/react-router";
import { useMay } from "@/features/session/session";
import { homeFor } from "./nav";

/** `/` leads to where this user works. */
export function HomePage() {
  return <Navigate to={homeFor(useMay())} replace />;
}
