//! The companies that buy from Aurora. All invented; every domain is under `.example` (RFC 2606).

use super::names::Country;

/// A company before it has a number.
#[derive(Clone, Copy, Debug)]
pub struct Firm {
    pub name: &'static str,
    pub domain: &'static str,
    pub country: Country,
    pub industry: &'static str,
}

const fn firm(name: &'static str, domain: &'static str, country: Country, industry: &'static str) -> Firm {
    Firm { name, domain, country, industry }
}

/// The industries' words are English in every language of the console: they are data, not interface.
pub const FIRMS: &[Firm] = &[
    firm("Talleres Ibarrola", "ibarrola.example", Country::Spain, "Manufacturing"),
    firm("Clínica Dental Miramonte", "miramonte.example", Country::Spain, "Health"),
    firm("Bodegas Vega del Tormo", "vegadeltormo.example", Country::Spain, "Food and drink"),
    firm("Hotel Puerta del Faro", "puertadelfaro.example", Country::Spain, "Hospitality"),
    firm("Colegio Los Almendros", "losalmendros.example", Country::Spain, "Education"),
    firm("Transportes Norlevante", "norlevante.example", Country::Spain, "Logistics"),
    firm("Gestoría Olmedo y Cruz", "olmedocruz.example", Country::Spain, "Professional services"),
    firm("Librería La Caracola", "lacaracola.example", Country::Spain, "Retail"),
    firm("Aceites Sierra Jara", "sierrajara.example", Country::Spain, "Food and drink"),
    firm("Estudio Arce Arquitectos", "arcearquitectos.example", Country::Spain, "Architecture"),
    firm("Gimnasios Zenit", "zenitgym.example", Country::Spain, "Sport"),
    firm("Teatro de la Ribera", "teatroribera.example", Country::Spain, "Culture"),
    firm("Pemberton & Hale Solicitors", "pembertonhale.example", Country::Britain, "Professional services"),
    firm("Tidewater Breweries", "tidewater.example", Country::Britain, "Food and drink"),
    firm("Northgate Veterinary Group", "northgatevets.example", Country::Britain, "Health"),
    firm("Larkspur Nurseries", "larkspur.example", Country::Britain, "Agriculture"),
    firm("Copperfield Academy", "copperfield.example", Country::Britain, "Education"),
    firm("Severn Marine Supplies", "severnmarine.example", Country::Britain, "Retail"),
    firm("Blue Mesa Logistics", "bluemesa.example", Country::UnitedStates, "Logistics"),
    firm("Hartwell Public Library", "hartwell.example", Country::UnitedStates, "Public services"),
    firm("Cobalt Street Bakery", "cobaltstreet.example", Country::UnitedStates, "Food and drink"),
    firm("Prairie Line Insurance", "prairieline.example", Country::UnitedStates, "Insurance"),
    firm("Juniper Ridge Dental", "juniperridge.example", Country::UnitedStates, "Health"),
    firm("蓝桥科技", "lanqiao.example", Country::China, "Technology"),
    firm("东湖茶业", "donghu-tea.example", Country::China, "Food and drink"),
    firm("晨光书店", "chenguang-books.example", Country::China, "Retail"),
    firm("海棠酒店", "haitang-hotel.example", Country::China, "Hospitality"),
    firm("云岭物流", "yunling.example", Country::China, "Logistics"),
    firm("Grupo Jacaranda", "jacaranda.example", Country::Mexico, "Hospitality"),
    firm("Ferretería El Nogal", "elnogal.example", Country::Mexico, "Retail"),
    firm("Laboratorios Quetzalia", "quetzalia.example", Country::Mexico, "Health"),
    firm("Böhmer Feinmechanik", "boehmer.example", Country::Germany, "Manufacturing"),
    firm("Buchhandlung am Weiher", "amweiher.example", Country::Germany, "Retail"),
    firm("Atelier Beaufort", "beaufort.example", Country::France, "Architecture"),
    firm("Les Serres du Vallon", "serresduvallon.example", Country::France, "Agriculture"),
    firm("Estancia Los Ceibos", "losceibos.example", Country::Argentina, "Agriculture"),
    firm("Café Alto Quindal", "altoquindal.example", Country::Colombia, "Food and drink"),
    firm("Maple Quay Clinics", "maplequay.example", Country::Canada, "Health"),
    firm("青禾設計", "qinghe.example", Country::Taiwan, "Architecture"),
    firm("Wattlebird Surf Schools", "wattlebird.example", Country::Australia, "Sport"),
];
